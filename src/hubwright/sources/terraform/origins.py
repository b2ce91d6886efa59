"""Where the arguments of a resource stand: addresses and paths in them."""

from collections.abc import Callable, Iterator, Mapping

from hubwright.model.origin import Origin
from hubwright.sources.terraform.plan import Json


class Arguments(Mapping[str, Origin]):
    """Where the arguments of a resource or block stand; made when somebody asks."""

    def __init__(
        self,
        values: Mapping[str, Json],
        origin: Callable[[str], Origin],
        renamed: Mapping[str, Origin],
    ) -> None:
        self._values = values
        self._origin = origin
        self._renamed = renamed

    def __getitem__(self, name: str) -> Origin:
        if name in self._renamed:
            return self._renamed[name]
        if self._values.get(name) is None:
            raise KeyError(name)
        return self._origin(name)

    def __iter__(self) -> Iterator[str]:
        written = [name for name, value in self._values.items() if value is not None]
        return iter(dict.fromkeys([*self._renamed, *written]))

    def __len__(self) -> int:
        return sum(1 for _ in self)
