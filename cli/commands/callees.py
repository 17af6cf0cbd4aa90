"""``isg callees``."""

from __future__ import annotations

from isg.cli.answer import Answer
from isg.cli.calls import calls_answer
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import SymbolsArgument


def callees(ask: Ask, symbols: SymbolsArgument) -> Answer:
    """Show what SYMBOL calls.

    Of a method that is overridden also the overrides that the call may run (confidence dispatch).
    """
    from isg.graph.queries.calls import callees as find

    nodes = ask.nodes(symbols)
    found = find(ask.graph, nodes, min_confidence=ask.min_confidence)
    return calls_answer(found, [ask.graph.symbol(node) for node in nodes], "callee")


COMMAND = Command(
    name="callees",
    body=callees,
    formats=("text", "json", "jsonl"),
    examples=("isg callees Model.save", "isg callees app.main --json"),
)
