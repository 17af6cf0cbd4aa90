"""``isg context``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from isg.cli.answer import Answer, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import SymbolsArgument
from isg.cli.render.symbols import symbol_object
from isg.cli.seeds import DiffOption, Inputs, QueryOption, TextOption, TraceOption, seeds_of
from isg.graph.errors import UsageError

if TYPE_CHECKING:
    from isg.graph.queries.context import Piece

BudgetOption = Annotated[int, typer.Option("--budget", metavar="N", help="Tokens to spend, at most.")]
NoSourceOption = Annotated[bool, typer.Option("--no-source", help="Signatures and names only.")]
LineNumbersOption = Annotated[
    bool, typer.Option("--line-numbers", help="The number of each line before it; costs tokens.")
]
TokenizerOption = Annotated[
    str,
    typer.Option(
        "--tokenizer",
        metavar="NAME",
        help="Count tokens exactly: an encoding of tiktoken, or a tokenizer.json. [default: an upper bound]",
    ),
]


def context(
    ask: Ask,
    symbols: SymbolsArgument = [],  # noqa: B006 - nobody changes it
    budget: BudgetOption = 1500,
    diff: DiffOption = "",
    query: QueryOption = "",
    trace: TraceOption = "",
    text: TextOption = "",
    no_source: NoSourceOption = False,
    line_numbers: LineNumbersOption = False,
    tokenizer: TokenizerOption = "",
) -> Answer:
    """Collect the code a reader needs to understand SYMBOL, within a budget of tokens.

    Its source, then what it calls and what calls it, bases and implementations, the types it mentions, its
    tests, what is written alike and what changed together with it, by relevance: whole where it matters,
    signatures where not. In place of SYMBOL, or beside it, a change, a question, a stack trace or any text
    says what it is about; all of them share the budget. The output never exceeds the budget by the count
    that it reports: an upper bound for the tokenizers in common use. In JSON the texts are what counts.
    """
    from isg.graph.queries.context import Manner
    from isg.graph.queries.context import context as collect
    from isg.graph.queries.forms import MARKDOWN, TEXTS, XML
    from isg.graph.queries.tokens import estimate

    if budget < 1:
        raise UsageError("--budget must be 1 or more")
    forms = {"xml": XML, "json": TEXTS, "jsonl": TEXTS}
    count: Callable[[str], int] = estimate
    if tokenizer:
        from isg.cli.tokenizers import counter

        count = counter(tokenizer)
    seeds = seeds_of(ask, symbols, Inputs(diff, query, trace, text))
    history = ask.history()

    def collected(format_: str) -> Answer:
        found = collect(
            ask.graph,
            seeds,
            budget=budget,
            source=ask.source,
            history=history,
            min_confidence=ask.min_confidence,
            manner=Manner(not no_source, line_numbers, forms.get(format_, MARKDOWN), count),
        )
        return Answer(
            results=[_result(piece) for piece in found.results],
            bound=found.bound,
            warnings=found.warnings,
            fields={"budget": found.budget, "tokens": found.tokens, "left_out": found.left_out},
            document=found.document,
            verbatim=True,
            formed=collected,
        )

    return collected(ask.format)


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
    formats=("md", "text", "xml", "json", "jsonl"),
    default_format="md",
    examples=(
        "isg context QuerySet.filter --budget 4000",
        "git diff | isg context --diff - --budget 8000",
        'isg context --query "where is the retry policy"',
        "isg context --trace crash.txt",
        "isg context --text issue.md --format xml",
    ),
)
