"""``isg search``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from isg.cli.answer import Answer, Made, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import choice
from isg.cli.render.symbols import counted, place, symbol_object
from isg.graph.model import SymbolKind

if TYPE_CHECKING:
    from isg.graph.graph import Graph
    from isg.graph.search.ranking import Hit

TextArgument = Annotated[
    list[str], typer.Argument(metavar="TEXT…", help="Words of names, signatures or documentation.")
]
KindOption = Annotated[
    str, typer.Option("--kind", metavar="KIND,…", help="Only these kinds: class, function, method …")
]
LanguageOption = Annotated[str, typer.Option("--language", metavar="LANGUAGE", help="Only this language.")]
PathOption = Annotated[
    str, typer.Option("--path", metavar="PATTERN", help="Only files below this folder, or of this pattern.")
]


def search(
    ask: Ask, text: TextArgument, kind: KindOption = "", language: LanguageOption = "", path: PathOption = ""
) -> Answer:
    """Find symbols by what they are called, take and say, best first.

    All words have to match somewhere, the last as a beginning; camelCase and snake_case count as words. Where
    nothing has all of them any will do, and then spellings that come near.
    """
    from isg.graph.queries.bound import Notice
    from isg.graph.search.ranking import rank
    from isg.store.words import Filters

    asked = " ".join(text)
    found = ask.search(asked, Filters(_kinds(kind), language, path))
    hits = rank(ask.graph, found.words, found.symbols)
    none = Notice("none", f'nothing is called or says anything like "{asked}"')
    return Answer(
        results=Made(hits, lambda hit: _result(ask.graph, hit)),
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


def _kinds(text: str) -> tuple[str, ...]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    return tuple(choice(name, tuple(SymbolKind), "--kind") for name in names)


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
