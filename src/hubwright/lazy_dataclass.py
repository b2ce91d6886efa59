"""
The standard library's dataclass, put together when it is first used.

`dataclasses.dataclass` compiles up to six methods for each class, about a millisecond, whether or
not they are ever called; hubwright has hundreds of classes, and a command needs few of them. Here
a class gets its slots at once, `dataclasses` makes the rest when somebody asks for it, and what
needs no compiling is shared.
"""

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(
        cls: type | None = None,
        /,
        *,
        frozen: bool = False,
        slots: bool = False,
        kw_only: bool = False,
        eq: bool = True,
        order: bool = False,
    ) -> Any:
        """
        Return what `dataclasses.dataclass` returns for the same arguments.

        Instances compare, hash, print, copy and pickle as theirs do, and any assignment to a
        frozen one raises `FrozenInstanceError`.
        """

        def decorate(cls: type) -> type:
            return _prepared(cls, slots, frozen=frozen, kw_only=kw_only, eq=eq, order=order)

        return decorate if cls is None else decorate(cls)


_FIELDS = ("__dataclass_fields__", "__dataclass_params__", "__match_args__")


_ORDER = ("__lt__", "__le__", "__gt__", "__ge__")


def _prepared(cls: type, slots: bool, *, kw_only: bool, **wanted: bool) -> type:
    """Return the class, with slots where it shall have some; its methods come when used."""
    recipe = {
        name: value
        for name, value in cls.__dict__.items()
        if name not in ("__dict__", "__weakref__")
    }
    made: Any = _slotted(cls, recipe) if slots else _bare(cls)

    def make(*names: str, **parts: bool) -> None:
        """Have `dataclasses` make something on a class that nobody else sees."""
        fresh = type(cls)(cls.__name__, cls.__bases__, dict(recipe))
        chosen = {"init": False, "repr": False, "eq": False} | parts
        dataclasses.dataclass(kw_only=kw_only, **chosen)(fresh)
        for name in names:
            setattr(made, name, fresh.__dict__[name])

    def later(name: str, *also: str, **parts: bool) -> Callable[..., Any]:
        def first(self: Any, *others: Any) -> Any:
            make(name, *also, **parts)
            return getattr(made, name)(self, *others)

        return first

    def __init__(self: Any, *args: Any, **named: Any) -> None:  # noqa: N807
        made.__init__ = _compiled_init(made, slots)
        made.__init__(self, *args, **named)

    made.__dataclass_fields__ = _Fields(made, lambda: make(*_FIELDS))
    made.__init__ = __init__
    made.__repr__ = recipe.get("__repr__", _repr)
    if wanted["frozen"]:
        made.__setattr__ = _refuse_assignment
        made.__delattr__ = _refuse_deletion
    if wanted["eq"]:
        made.__eq__ = later("__eq__", eq=True)
        made.__hash__ = later("__hash__", unsafe_hash=True) if wanted["frozen"] else None
    for name in _ORDER if wanted["order"] else ():
        setattr(made, name, later(name, *_ORDER, eq=True, order=True))
    result: type = made
    return result


def _slotted(cls: type, recipe: dict[str, Any]) -> type:
    own = recipe.get("__annotations__", {})
    inherited = {name for base in cls.__mro__[1:] for name in getattr(base, "__slots__", ())}
    space = {name: value for name, value in recipe.items() if name not in own}
    space["__slots__"] = tuple(name for name in own if name not in inherited)
    space.setdefault("__getstate__", _getstate)
    space.setdefault("__setstate__", _setstate)
    made = type(cls)(cls.__name__, cls.__bases__, space)
    made.__qualname__ = cls.__qualname__
    return made


def _bare(cls: type) -> type:
    for name, value in list(cls.__dict__.items()):
        if isinstance(value, dataclasses.Field):
            delattr(cls, name)
    return cls


class _Fields:
    """Stands in for the fields of a class until somebody looks at them."""

    def __init__(self, owner: Any, complete: Callable[[], None]) -> None:
        self.owner = owner
        self.complete = complete

    def __get__(self, instance: object, owner: type) -> Any:
        self.complete()
        return self.owner.__dataclass_fields__


def _compiled_init(made: Any, slots: bool) -> Any:
    """Return `__init__`, which sets fields past `__setattr__`: a frozen class refuses there."""
    known: dict[str, Any] = {"_absent": dataclasses.MISSING}
    by_position: list[str] = []
    by_name: list[str] = []
    lines: list[str] = [] if slots else ["    own = self.__dict__"]
    for item in dataclasses.fields(made):
        name = item.name
        if not item.init and item.default_factory is dataclasses.MISSING:
            continue
        value = name
        parameters = by_name if item.kw_only is True else by_position
        if not item.init:
            known[f"_make_{name}"] = item.default_factory
            value = f"_make_{name}()"
        elif item.default is not dataclasses.MISSING:
            known[f"_default_{name}"] = item.default
            parameters.append(f"{name}=_default_{name}")
        elif item.default_factory is not dataclasses.MISSING:
            known[f"_make_{name}"] = item.default_factory
            parameters.append(f"{name}=_absent")
            value = f"_make_{name}() if {name} is _absent else {name}"
        else:
            parameters.append(name)
        if slots:
            known[f"_set_{name}"] = getattr(made, name).__set__
        lines.append(f"    _set_{name}(self, {value})" if slots else f"    own[{name!r}] = {value}")
    if hasattr(made, "__post_init__"):
        lines.append("    self.__post_init__()")
    named = ["*", *by_name] if by_name else []
    head = f"def __init__({', '.join(['self', *by_position, *named])}):"
    exec("\n".join([head, *(lines or ["    pass"])]), known)  # noqa: S102
    return known["__init__"]


def _repr(self: Any) -> str:
    shown = ", ".join(
        f"{item.name}={getattr(self, item.name)!r}"
        for item in dataclasses.fields(self)
        if item.repr
    )
    return f"{self.__class__.__qualname__}({shown})"


def _refuse_assignment(_: object, name: str, __: object) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_deletion(_: object, name: str) -> NoReturn:
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _names(cls: type) -> tuple[str, ...]:
    return tuple(
        name for base in reversed(cls.__mro__) for name in base.__dict__.get("__slots__", ())
    )


def _getstate(self: Any) -> list[Any]:
    return [getattr(self, name) for name in _names(self.__class__)]


def _setstate(self: Any, state: list[Any]) -> None:
    assign = object.__setattr__
    for name, value in zip(_names(self.__class__), state, strict=True):
        assign(self, name, value)
