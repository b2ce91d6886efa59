"""Times two commands side by side, in turn, and prints the ratio of their medians."""

import statistics
import subprocess
import time
from collections.abc import Sequence


def once(command: Sequence[str]) -> float:
    """Return the seconds that one run of a command takes, start to end."""
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def compare(ours: Sequence[str], theirs: Sequence[str], runs: int = 15) -> tuple[float, float]:
    """Return the medians of both, in seconds; runs alternate so that a slow moment hits both."""
    once(ours)
    once(theirs)
    pairs = [(once(ours), once(theirs)) for _ in range(runs)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def show(name: str, ours: float, theirs: float, bar: float | None = None) -> None:
    """Print one line: both figures, their ratio, and the bar that it is held against, if any."""
    ratio = ours / theirs
    mark = "" if bar is None else f" (bar {bar}) {'ok' if ratio <= bar else 'over'}"
    print(f"{name}: {ours * 1e3:.1f} ms / {theirs * 1e3:.1f} ms = {ratio:.2f}{mark}")
