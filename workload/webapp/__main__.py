"""`python -m webapp`: what the container runs."""

import asyncio
import sys

from .serving import serve
from .settings import from_environment


def main() -> int:
    """Serve as the environment asks."""
    asyncio.run(serve(from_environment()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
