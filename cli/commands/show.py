"""``isg show``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from isg.cli.answer import NO_BOUND, Answer, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import SymbolsArgument
from isg.cli.render.symbols import counted, symbol_object, title_of

if TYPE_CHECKING:
    from isg.graph.model import Symbol

_LINES = 24  # of source, in text


def show(ask: Ask, symbols: SymbolsArgument) -> Answer:
    """Show one symbol: its place, signature, documentation and source.

    And how many edges of each kind lead to it and from it.
    """
    nodes = ask.nodes(symbols)
    results = [_result(ask, node) for node in nodes]
    documents = (
        _document(ask, ask.graph.symbol(node), result) for node, result in zip(nodes, results, strict=True)
    )
    return Answer(
        results=results,
        bound=NO_BOUND,
        document="\n".join("\n".join(lines) for lines in documents),
        bounded=False,
    )


def _result(ask: Ask, node: int) -> Result:
    symbol = ask.graph.symbol(node)
    graph = ask.graph
    return {
        **symbol_object(symbol),
        "start_line": symbol.start_line,
        "column": symbol.column,
        "doc": symbol.doc,
        "visibility": symbol.visibility,
        "modifiers": list(symbol.modifiers),
        "complexity": symbol.complexity,
        "is_test": symbol.is_test,
        "parent": graph.symbol(graph.parent[node]).key if graph.parent[node] >= 0 else None,
        "incoming": _kinds(ask, graph.incoming(node)),
        "outgoing": _kinds(ask, graph.outgoing(node)),
        "source": ask.source(symbol),
    }


def _kinds(ask: Ask, arcs: Iterable[int]) -> dict[str, int]:
    return dict(sorted(Counter(ask.graph.edge_kind(arc).value for arc in arcs).items()))


def _document(ask: Ask, symbol: Symbol, result: Result) -> Iterator[str]:
    yield title_of(symbol)
    yield f"key: {symbol.key}"
    if symbol.external:
        yield "outside the project"
    traits = dict.fromkeys([symbol.visibility, *symbol.modifiers, *(["test"] if symbol.is_test else [])])
    yield f"{', '.join(traits)}" + (f"; complexity {symbol.complexity}" if symbol.complexity else "")
    yield f"in:  {_counts(result['incoming'])}"
    yield f"out: {_counts(result['outgoing'])}"
    if symbol.doc:
        yield ""
        yield from symbol.doc.splitlines()
    text = result["source"]
    if isinstance(text, str):
        yield ""
        yield from _numbered(text.splitlines(), symbol.start_line, ask.common.limit)


def _numbered(lines: list[str], start: int, limit: int | None) -> Iterator[str]:
    most = _LINES if limit is None else limit or len(lines)
    width = len(str(start + len(lines)))
    for offset, line in enumerate(lines[:most]):
        yield f"{start + offset:>{width}}  {line}"
    if len(lines) > most:
        yield f"… {counted(len(lines) - most, 'more line')} (--limit 0 shows all)"


def _counts(counts: object) -> str:
    items = counts.items() if isinstance(counts, dict) else ()
    return ", ".join(f"{kind} {count:,}" for kind, count in items) or "none"


COMMAND = Command(
    name="show",
    body=show,
    formats=("text", "json", "jsonl"),
    examples=("isg show QuerySet.filter", "isg show app/models.py:120", "isg show Model.save --json"),
)
