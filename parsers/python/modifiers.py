"""Modifiers of symbols, read off decorators by their last name."""

from __future__ import annotations

_FUNCTION = {
    "staticmethod": ("static",),
    "classmethod": ("class",),
    "abstractmethod": ("abstract",),
    "abstractproperty": ("abstract", "property"),
    "property": ("property",),
    "cached_property": ("property", "cached"),
    "cache": ("cached",),
    "lru_cache": ("cached",),
    "final": ("final",),
    "overload": ("overload",),
    "override": ("override",),
    "setter": ("setter",),
    "getter": ("getter",),
    "deleter": ("deleter",),
    "contextmanager": ("contextmanager",),
    "asynccontextmanager": ("contextmanager",),
    "deprecated": ("deprecated",),
}
_CLASS = {
    "dataclass": ("dataclass",),
    "define": ("dataclass",),
    "frozen": ("dataclass",),
    "attrs": ("dataclass",),
    "final": ("final",),
    "runtime_checkable": ("runtime",),
    "total_ordering": ("ordered",),
    "deprecated": ("deprecated",),
}
_IMPLICIT = {"__new__": ("static",), "__init_subclass__": ("class",), "__class_getitem__": ("class",)}


def function_modifiers(decorators: list[str], is_async: bool, is_method: bool, name: str) -> tuple[str, ...]:
    if not decorators and not is_async and name not in _IMPLICIT:
        return ()
    found: list[str] = ["async"] if is_async else []
    for text in decorators:
        found += _FUNCTION.get(text.rpartition(".")[2], ())
    if is_method:
        found += _IMPLICIT.get(name, ())
    return tuple(dict.fromkeys(found))


def class_modifiers(decorators: list[str]) -> tuple[str, ...]:
    found = [modifier for text in decorators for modifier in _CLASS.get(text.rpartition(".")[2], ())]
    return tuple(dict.fromkeys(found))
