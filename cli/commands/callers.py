"""``isg callers``."""

from __future__ import annotations

from isg.cli.answer import Answer
from isg.cli.calls import calls_answer
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import SymbolsArgument


def callers(ask: Ask, symbols: SymbolsArgument) -> Answer:
    """Show what calls SYMBOL.

    Of a method also the callers of what it overrides, where the call may run it (confidence dispatch).
    """
    from isg.graph.queries.calls import callers as find

    nodes = ask.nodes(symbols)
    found = find(ask.graph, nodes, min_confidence=ask.min_confidence)
    return calls_answer(found, [ask.graph.symbol(node) for node in nodes], "caller")


COMMAND = Command(
    name="callers",
    body=callers,
    formats=("text", "json", "jsonl"),
    examples=("isg callers Model.save", "isg callers app/models.py:120 --min-confidence inferred --json"),
)
