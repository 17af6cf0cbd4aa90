"""A symbol as outputs show it: the object of CONTRACTS.md, and the short forms that people read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from isg.cli.answer import Node
from isg.graph.model import Symbol, SymbolKind

MODULE_NAME = "<module>"


def symbol_object(symbol: Symbol) -> dict[str, object]:
    """The fields that a symbol has in any JSON output, in their order."""
    module = symbol.kind is SymbolKind.MODULE
    return {
        "key": symbol.key,
        "kind": symbol.kind.value,
        "name": MODULE_NAME if module else symbol.name,
        "qualified": symbol.qualified,
        "file": symbol.file,
        "line": 1 if module else symbol.line,
        "end_line": symbol.end_line,
        "signature": symbol.signature,
        "external": symbol.external,
        "language": symbol.language,
    }


def place(result: Mapping[str, object]) -> str:
    """``path:line``, or ``external`` for what is not in the project."""
    file = result.get("file")
    return f"{file}:{result.get('line')}" if file else "external"


def title_of(symbol: Symbol) -> str:
    """A symbol in the first line of an answer: ``class Field (django/db/models/fields/__init__.py:105)``."""
    where = (
        f"{symbol.file}:{1 if symbol.kind is SymbolKind.MODULE else symbol.line}"
        if symbol.file
        else "external"
    )
    return f"{symbol.kind.value} {symbol.qualified} ({where})"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """``1 type``, ``2 types``, ``1,204 types``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def titles(symbols: Iterable[Symbol], most: int = 3) -> str:
    """Several symbols in the first line of an answer, those beyond the first few counted."""
    all_titles = [title_of(symbol) for symbol in symbols]
    left = len(all_titles) - most
    return ", ".join(all_titles[:most]) + (f" and {left:,} more" if left > 0 else "")


def node_of(result: Mapping[str, object], emphasis: bool = False) -> Node:
    """A symbol's object as a box of a diagram."""
    file, line = result["file"], result["line"]
    return Node(
        key=str(result["key"]),
        label=str(result["qualified"]),
        kind=str(result["kind"]),
        file=None if file is None else str(file),
        line=line if isinstance(line, int) else 0,
        emphasis=emphasis,
    )


def paths_of(results: Iterable[Mapping[str, object]]) -> list[str]:
    """The files of results, each once, in the order of the results."""
    found: dict[str, None] = {}
    for result in results:
        parts = [result, *(part for name in _PARTS for part in _listed(result, name))]
        found |= {str(part["file"]): None for part in parts if part.get("file")}
    return list(found)


_PARTS = ("members", "symbols", "steps")


def _listed(result: Mapping[str, object], name: str) -> list[dict[str, object]]:
    value = result.get(name)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
