"""``isg search``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from isg.cli.answer import Answer, Made, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import KindOption, WithinOption, choice, symbol_kinds
from isg.cli.render.symbols import counted, place, symbol_object
from isg.parsers.languages import FAMILIES

if TYPE_CHECKING:
    from isg.graph.graph import Graph
    from isg.graph.search.ranking import Hit

TextArgument = Annotated[
    list[str], typer.Argument(metavar="TEXT…", help="Words of names, signatures or documentation.")
]
LanguageOption = Annotated[str, typer.Option("--language", metavar="LANGUAGE", help="Only this language.")]


def search(
    ask: Ask,
    text: TextArgument,
    kind: KindOption = "",
    language: LanguageOption = "",
    within: WithinOption = "",
) -> Answer:
    """Find symbols by what they are called, take and say, best first.

    All words have to match somewhere, the last as a beginning; camelCase and snake_case count as words. Where
    nothing has all of them any will do, and then spellings that come near.
    """
    from isg.graph.queries.bound import Notice
    from isg.graph.queries.within import files_within
    from isg.graph.search.ranking import rank
    from isg.store.words import Filters

    asked, graph = " ".join(text), ask.graph
    paths = [graph.files[file].path for file in files_within(graph, within)] if within else ()
    spoken = choice(language, tuple(FAMILIES), "--language") if language else ""
    found = ask.search(asked, Filters(symbol_kinds(kind) or (), spoken, paths))
    hits = rank(graph, found.words, found.symbols)
    none = Notice("none", f'nothing is called or says anything like "{asked}"')
    return Answer(
        results=Made(hits, lambda hit: _result(graph, hit)),
        title=f'"{asked}": {counted(len(hits), "symbol")}',
        columns=("kind", "name", "place", "signature"),
        cells=_cells,
        warnings=() if hits else (none,),
        bounded=False,
    )


def _result(graph: Graph, hit: Hit) -> Result:
    node = graph.node_of(hit.id)
    assert node is not None, "it was found in this graph"
    symbol = graph.symbol(node)
    return {**symbol_object(symbol), "doc": symbol.doc, "score": hit.score}


def _cells(result: Result) -> tuple[str, ...]:
    return (str(result["kind"]), str(result["qualified"]), place(result), str(result["signature"]))


COMMAND = Command(
    name="search",
    body=search,
    formats=("text", "json", "jsonl"),
    examples=(
        "isg search retry policy",
        "isg search session --kind class --path src/",
        "isg search parse config --json --limit 5",
    ),
)
