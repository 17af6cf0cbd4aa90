"""``isg map``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from isg.cli.answer import Answer, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import KindOption, WithinOption, symbol_kinds
from isg.cli.render.symbols import symbol_object
from isg.graph.errors import UsageError

if TYPE_CHECKING:
    from isg.graph.queries.project_map import Entry

BudgetOption = Annotated[int, typer.Option("--budget", metavar="N", help="Tokens to spend, at most.")]
TestsOption = Annotated[bool, typer.Option("--tests", help="Show tests too.")]


def map_(
    ask: Ask,
    budget: BudgetOption = 2000,
    within: WithinOption = "",
    kind: KindOption = "",
    tests: TestsOption = False,
) -> Answer:
    """Show the most important signatures of the project, within a budget of tokens.

    What a newcomer, or a language model, reads first: types and functions by file, public ones first, and
    first of all those that much of the project rests on. Tests are left out, but what they use counts.
    """
    from isg.graph.queries.project_map import project_map
    from isg.graph.queries.within import files_within

    if budget < 1:
        raise UsageError("--budget must be 1 or more")
    found = project_map(
        ask.graph,
        budget=budget,
        kinds=symbol_kinds(kind),
        files=files_within(ask.graph, within) if within else None,
        tests=tests,
        min_confidence=ask.min_confidence,
        limit=ask.limit,
    )
    return Answer(
        results=[_result(entry) for entry in found.results],
        bound=found.bound,
        warnings=found.warnings,
        fields={"budget": found.budget, "tokens": found.tokens, "left_out": found.left_out},
        document=found.document,
        verbatim=True,
    )


def _result(entry: Entry) -> Result:
    return {
        **symbol_object(entry.symbol),
        "score": entry.score,
        "text": entry.text,
        "tokens": entry.tokens,
    }


COMMAND = Command(
    name="map",
    body=map_,
    formats=("md", "text", "json", "jsonl"),
    default_format="md",
    examples=(
        "isg map",
        "isg map --budget 8000 --path src/api",
        'isg map --budget 4000 | llm "where would a cache belong?"',
    ),
)
