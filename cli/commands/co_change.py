"""``isg co-change``."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from isg.cli.answer import Answer, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import SymbolsArgument
from isg.cli.render.symbols import counted, place, symbol_object, titles
from isg.graph.errors import UsageError

if TYPE_CHECKING:
    from isg.graph.queries.co_change import CoChange, Relation

_OUTGOING = {
    "CALLS": "calls",
    "USES": "uses",
    "IMPL": "implements",
    "IMPORTS": "imports",
    "OVERRIDES": "overrides",
}
_INCOMING = {
    "CALLS": "called by", "USES": "used by", "IMPL": "implemented by", "IMPORTS": "imported by",
    "OVERRIDES": "overridden by",
}  # fmt: skip

SupportOption = Annotated[
    int, typer.Option("--min-support", metavar="N", help="Only what changed with it in at least N commits.")
]


def co_change(ask: Ask, symbols: SymbolsArgument, min_support: SupportOption = 2) -> Answer:
    """Show what changed in the same commits as SYMBOL, and whether the graph knows why.

    Commits count the less, the more they changed, and those that changed over 100 symbols not at all;
    formatting, and what .git-blame-ignore-revs names, counts nowhere.
    """
    from isg.graph.queries.co_change import co_change as find

    if min_support < 1:
        raise UsageError("--min-support cannot be less than 1")
    nodes = ask.nodes(symbols)
    found = find(ask.graph, ask.history(), nodes, min_support=min_support, min_confidence=ask.min_confidence)
    unseen = sum(one.relation is None for one in found.results)
    title = f"{titles([ask.graph.symbol(node) for node in nodes])}: {counted(found.commits, 'commit')}"
    return Answer(
        results=[_result(one) for one in found.results],
        title=f"{title}, {counted(len(found.results), 'symbol')} changed with it, {unseen:,} without an edge",
        bound=found.bound,
        columns=("commits", "share", "last", "graph", "kind", "name", "place"),
        heads=True,
        cells=_cells,
        warnings=found.warnings,
        fields={"commits": found.commits},
        bounded=False,
    )


def _result(one: CoChange) -> Result:
    return {
        **symbol_object(one.symbol),
        "support": one.support,
        "share": one.confidence,
        "weight": one.weight,
        "last": datetime.fromtimestamp(one.last, UTC).date().isoformat(),
        "edge": None if one.relation is None else _edge(one.relation),
        "is_test": one.is_test,
    }


def _edge(relation: Relation) -> Result:
    return {
        "kind": relation.kind.value,
        "direction": "out" if relation.outgoing else "in",
        "confidence": relation.confidence.label,
    }


def _cells(result: Result) -> tuple[str, ...]:
    edge = result["edge"]
    relation = "-"
    if isinstance(edge, dict):
        relation = (_OUTGOING if edge["direction"] == "out" else _INCOMING)[edge["kind"]]
    return (
        str(result["support"]),
        f"{float(str(result['share'])):.0%}",
        str(result["last"]),
        relation,
        str(result["kind"]),
        str(result["qualified"]),
        place(result),
    )


COMMAND = Command(
    name="co-change",
    body=co_change,
    formats=("text", "json", "jsonl"),
    examples=("isg co-change Model.save", "isg co-change app/models.py:120 --min-support 3 --json"),
)
