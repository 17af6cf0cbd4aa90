"""``isg context``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from isg.cli.answer import Answer, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import SymbolsArgument
from isg.cli.render.symbols import symbol_object
from isg.graph.errors import UsageError

if TYPE_CHECKING:
    from isg.graph.queries.context import Piece

BudgetOption = Annotated[int, typer.Option("--budget", metavar="N", help="Tokens to spend, at most.")]


def context(ask: Ask, symbols: SymbolsArgument, budget: BudgetOption = 4000) -> Answer:
    """Collect the code a reader needs to understand SYMBOL, within a budget of tokens.

    Its source, then what it calls and what calls it, bases and implementations, the types it mentions and
    its tests, by relevance: whole where it matters, signatures where not. The output never exceeds the
    budget by the estimate of tokens that it reports.
    """
    from isg.graph.queries.context import context as collect

    if budget < 1:
        raise UsageError("--budget must be 1 or more")
    found = collect(
        ask.graph,
        ask.nodes(symbols),
        budget=budget,
        source=ask.source,
        history=ask.history(),
        min_confidence=ask.min_confidence,
    )
    return Answer(
        results=[_result(piece) for piece in found.results],
        bound=found.bound,
        warnings=found.warnings,
        fields={"budget": found.budget, "tokens": found.tokens, "left_out": found.left_out},
        document=found.document,
        verbatim=True,
    )


def _result(piece: Piece) -> Result:
    return {
        **symbol_object(piece.symbol),
        "role": piece.role.value,
        "score": piece.score,
        "detail": piece.detail.value,
        "text": piece.text,
        "tokens": piece.tokens,
    }


COMMAND = Command(
    name="context",
    body=context,
    formats=("md", "text", "json", "jsonl"),
    default_format="md",
    examples=(
        "isg context QuerySet.filter --budget 4000",
        'isg context app/models.py:120 | llm "why does this deadlock?"',
        "git diff --name-only -- '*.py' | isg context - --together --budget 8000",
    ),
)
