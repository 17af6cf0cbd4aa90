"""What stands in a decoded build file: a value of the kind that is asked for, or nothing."""

from __future__ import annotations

from typing import Any


def table(data: dict[str, Any], *path: str) -> dict[str, Any]:
    """The table at a path of keys; an empty one where there is something else or nothing."""
    for key in path:
        value = data.get(key)
        if not isinstance(value, dict):
            return {}
        data = value
    return data


def tables(value: object) -> list[dict[str, Any]]:
    """The tables of a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text(data: dict[str, Any], *keys: str) -> str:
    """The first of these keys that has a string."""
    return next((value for key in keys if isinstance(value := data.get(key), str)), "")


def texts(data: dict[Any, Any]) -> dict[str, str]:
    """The entries of a table that are strings."""
    return {key: value for key, value in data.items() if isinstance(key, str) and isinstance(value, str)}


def strings(value: object) -> list[str]:
    """The strings of a list, or a string by itself."""
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
