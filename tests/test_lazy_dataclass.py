"""The lazy dataclass, held against the standard library's."""

import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, field, fields, is_dataclass, replace
from typing import Any

import pytest

from hubwright.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Lazy:
    name: str
    tags: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list[str], compare=False, repr=False)
    origin: str = field(default="here", compare=False)

    def greeting(self) -> str:
        return f"I am {self.name}"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Eager:
    name: str
    tags: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list[str], compare=False, repr=False)
    origin: str = field(default="here", compare=False)


@dataclass(slots=True)
class Counter:
    start: int
    step: int = 1
    seen: list[int] = field(default_factory=list[int])
    total: int = field(init=False)

    def __post_init__(self) -> None:
        self.total = self.start + self.step


@dataclass(frozen=True, slots=True)
class Base:
    low: int


@dataclass(frozen=True, slots=True)
class Derived(Base):
    high: int = 9


@dataclass(frozen=True, slots=True, order=True)
class Ordered:
    rank: int


@dataclass(slots=True, eq=False)
class Identity:
    value: int


@pytest.fixture(params=[Lazy, Eager])
def kind(request: pytest.FixtureRequest) -> Any:
    return request.param


def test_defaults_are_filled_in_and_factories_called_each_time(kind: Any) -> None:
    one, other = kind(name="a"), kind(name="a")

    assert (one.name, one.tags, one.notes, one.origin) == ("a", (), [], "here")
    assert one.notes is not other.notes


def test_only_fields_that_count_are_compared_and_hashed(kind: Any) -> None:
    assert kind(name="a", origin="x", notes=["y"]) == kind(name="a")
    assert hash(kind(name="a", origin="x")) == hash(kind(name="a"))
    assert kind(name="a") != kind(name="b")
    assert kind(name="a") != "a"
    assert len({kind(name="a"), kind(name="a", origin="z"), kind(name="b")}) == 2


def test_it_prints_as_the_original_does() -> None:
    shown = repr(Lazy(name="a", tags=("t",), notes=["hidden"]))

    assert shown == repr(Eager(name="a", tags=("t",), notes=["hidden"])).replace("Eager", "Lazy")


def test_a_frozen_one_cannot_be_changed(kind: Any) -> None:
    item = kind(name="a")
    with pytest.raises(FrozenInstanceError, match="name"):
        item.name = "b"
    with pytest.raises(FrozenInstanceError, match="name"):
        del item.name
    with pytest.raises((FrozenInstanceError, TypeError, AttributeError)):
        item.unknown = "b"


@pytest.mark.parametrize(
    "arguments", [((), {}), (("a",), {}), ((), {"name": "a", "more": 1})], ids=str
)
def test_wrong_arguments_are_refused(kind: Any, arguments: tuple[Any, Any]) -> None:
    positional, named = arguments
    with pytest.raises(TypeError):
        kind(*positional, **named)


def test_fields_are_known_before_and_after_the_first_instance() -> None:
    @dataclass(frozen=True, slots=True)
    class Fresh:
        low: int
        high: int = 3

    assert is_dataclass(Fresh)
    assert [item.name for item in fields(Fresh)] == ["low", "high"]
    assert [item.name for item in fields(Fresh(1))] == ["low", "high"]
    assert replace(Fresh(1), high=5) == Fresh(1, 5)
    match Fresh(4):
        case Fresh(low, high):
            assert (low, high) == (4, 3)


def test_copies_and_pickles_are_equal_and_whole(kind: Any) -> None:
    item = kind(name="a", tags=("t",), notes=["n"], origin="o")
    for other in (pickle.loads(pickle.dumps(item)), copy.copy(item), copy.deepcopy(item)):
        assert other == item
        assert (other.notes, other.origin) == (["n"], "o")


def test_a_pickle_is_read_by_a_class_that_made_nothing_yet() -> None:
    stored = pickle.dumps(Derived(1, 2))

    assert pickle.loads(stored) == Derived(1, 2)


def test_one_that_is_not_frozen_changes_and_does_not_hash() -> None:
    counter = Counter(4)
    counter.seen.append(1)
    counter.start = 7

    assert (counter.start, counter.step, counter.total, counter.seen) == (7, 1, 5, [1])
    assert Counter(4) == Counter(4)
    with pytest.raises(TypeError, match="unhashable"):
        hash(counter)


def test_slots_leave_no_room_for_others() -> None:
    assert not hasattr(Lazy(name="a"), "__dict__")
    with pytest.raises(AttributeError):
        Counter(1).other = 2  # type: ignore[attr-defined]


def test_inherited_fields_come_first() -> None:
    item = Derived(1)

    assert (item.low, item.high) == (1, 9)
    assert repr(item) == "Derived(low=1, high=9)"
    assert replace(item, low=2) == Derived(2, 9)
    assert Derived.__slots__ == ("high",)  # type: ignore[attr-defined]


def test_order_and_identity_are_kept() -> None:
    assert sorted([Ordered(2), Ordered(1)]) == [Ordered(1), Ordered(2)]
    assert Identity(1) != Identity(1)
    assert len({Identity(1), Identity(1)}) == 2


def test_methods_stay() -> None:
    assert Lazy(name="a").greeting() == "I am a"
    assert Lazy.greeting.__qualname__ == "Lazy.greeting"
    assert Lazy.__module__ == __name__
