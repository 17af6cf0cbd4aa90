"""``isg symbols``."""

from __future__ import annotations

from typing import Annotated

import typer

from isg.cli.answer import Answer, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import KindOption, symbol_kinds
from isg.cli.render.symbols import counted, place, symbol_object

TextArgument = Annotated[
    str, typer.Argument(metavar="TEXT", help="A name, a part of one, or its humps: qs for QuerySet.")
]
_MOST = 200


def symbols(ask: Ask, text: TextArgument, kind: KindOption = "") -> Answer:
    """Find symbols by name.

    Exact names come first, then prefixes, parts and near spellings.
    """
    from isg.graph.names import find_symbols
    from isg.graph.queries.bound import Bound, Notice

    kinds = symbol_kinds(kind)
    found = find_symbols(ask.graph, text, limit=0, kinds=kinds)
    results: list[Result] = [{**symbol_object(match.symbol), "score": match.score} for match in found.results]
    none = Notice("none", f'no symbol is named anything like "{text}"')
    return Answer(
        results=results,
        title=f'"{text}": {counted(found.total, "symbol")}',
        bound=Bound(len(results), 0),
        columns=("kind", "name", "place", "signature"),
        cells=_cells,
        warnings=() if results else (none,),
        bounded=False,
    )


def _cells(result: Result) -> tuple[str, ...]:
    return (str(result["kind"]), str(result["qualified"]), place(result), str(result["signature"]))


COMMAND = Command(
    name="symbols",
    body=symbols,
    formats=("text", "json", "jsonl"),
    examples=("isg symbols save", "isg symbols QrySet --kind class", "isg symbols session --json --limit 5"),
)
