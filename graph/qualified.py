"""Qualified names in parts, whatever a language puts between: ``shop.orders``, ``zod/v4/core``, ``a::b``."""

from __future__ import annotations

import re

_SEPARATOR = re.compile(r"::|[./]")


def parts_of(name: str) -> list[str]:
    """The parts of a qualified name."""
    return [part for part in _SEPARATOR.split(name) if part]


def last_part(name: str) -> str:
    return name[_starts(name)[-1] :]


def tail(name: str, count: int) -> str:
    """The last parts of a qualified name, with what stands between them."""
    return name[_starts(name)[-count:][0] :]


def is_within(name: str, outer: str) -> bool:
    """Whether a qualified name is that of something inside another."""
    return name.startswith(outer) and _SEPARATOR.match(name, len(outer)) is not None


def _starts(name: str) -> list[int]:
    return [0, *(found.end() for found in _SEPARATOR.finditer(name))]
