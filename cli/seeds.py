"""What a question is about, where more than SYMBOL says so: a patch, a stack trace, a text, a query."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from isg.cli.caller import caller
from isg.graph.errors import NotFound, UsageError

if TYPE_CHECKING:
    from isg.cli.composition import Ask
    from isg.graph.seeds.touched import Touched

DiffOption = Annotated[
    str,
    typer.Option(
        "--diff", metavar="REV|-", help="What changed since a revision (or in A..B), or in a patch from -."
    ),
]
QueryOption = Annotated[
    str, typer.Option("--query", metavar="TEXT", help='What a question finds: "where is the retry policy".')
]
TraceOption = Annotated[
    str, typer.Option("--trace", metavar="FILE|-", help="The places of a stack trace, from a file or from -.")
]
TextOption = Annotated[
    str,
    typer.Option(
        "--text", metavar="FILE|-", help="What a text speaks of by path or name, from a file or from -."
    ),
]
_HITS = 5  # of a query: so many are what it is about
_FRAMES = 12  # of a stack trace: further ones are how it began


class Inputs(msgspec.Struct, frozen=True):
    """What was given besides SYMBOL; empty where it was not."""

    diff: str = ""
    query: str = ""
    trace: str = ""
    text: str = ""


def seeds_of(ask: Ask, selectors: Sequence[str], given: Inputs) -> tuple[int, ...]:
    """All symbols that one question is about, each once; raises NotFound where something given means none."""
    if [given.diff, given.trace, given.text].count("-") > 1:
        raise UsageError("only one of --diff, --trace and --text can read standard input")
    found = list(ask.nodes(selectors)) if selectors or given == Inputs() else []
    if given.diff:
        found += _all_of(touched_by(ask, given.diff).symbols(ask.graph), "no symbol is changed by --diff")
    if given.trace:
        from isg.graph.seeds.places import symbols_at
        from isg.graph.seeds.traces import read_trace

        places = symbols_at(ask.graph, read_trace(_read(given.trace)))[:_FRAMES]
        found += _all_of(places, "no place of --trace is in the project")
    if given.text:
        from isg.graph.seeds.texts import symbols_in

        found += _all_of(symbols_in(ask.graph, _read(given.text)), "--text names nothing of the project")
    if given.query:
        found += _all_of(_hits(ask, given.query), f'nothing is called or says anything like "{given.query}"')
    nodes = tuple(dict.fromkeys(found))
    ask.asked.extend(node for node in nodes if node not in ask.asked)
    return nodes


def touched_by(ask: Ask, diff: str) -> Touched:
    """What a patch on standard input (``-``), or the one since a revision, touches in the tree."""
    from isg.graph.seeds.patches import read_patch
    from isg.graph.seeds.touched import touched

    return touched(ask.graph, read_patch(patch_of(ask, diff)), ask.line)


def patch_of(ask: Ask, diff: str) -> str:
    """The patch on standard input (``-``), or the one since a revision."""
    from isg.store.revisions import patch_since

    return _input() if diff == "-" else patch_since(ask.root, diff)


def _hits(ask: Ask, query: str) -> tuple[int, ...]:
    from isg.graph.search.ranking import rank
    from isg.graph.seeds.questions import telling_words
    from isg.store.words import Filters

    found = ask.search(telling_words(query), Filters())
    hits = rank(ask.graph, found.words, found.symbols)[:_HITS]
    return tuple(node for hit in hits if (node := ask.graph.node_of(hit.id)) is not None)


def _all_of(found: Sequence[int], otherwise: str) -> Sequence[int]:
    if not found:
        raise NotFound(otherwise)
    return found


def _read(path: str) -> str:
    if path == "-":
        return _input()
    from pathlib import Path

    try:
        return caller().at(Path(path)).read_text("utf-8", "replace")
    except OSError as error:
        raise NotFound(f"cannot read {path}: {error.strerror}", code="no-such-file") from error


def _input() -> str:
    return caller().read_input().decode("utf-8", "replace")
