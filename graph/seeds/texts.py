"""What a text speaks of: an issue, a review, a mail, with paths and names of the project in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from isg.graph.graph import Graph
from isg.graph.queries.members import MODULES
from isg.graph.seeds.places import file_of, symbols_at
from isg.graph.seeds.traces import Frame, read_trace
from isg.graph.select import rank
from isg.graph.spelling import by_written_name

MOST = 12  # symbols that a text is taken to speak of
_AMBIGUOUS = 3  # symbols of one name: what more bear is no name of any of them
_PLACE = re.compile(r"(?P<path>[\w@.\-]*[\w@.\-/\\]+\.\w+)(?::(?P<line>\d+)|#L(?P<mark>\d+))")
_PATH = re.compile(r"[\w@.\-]+(?:[/\\][\w@.\-]+)*\.\w+")
_NAME = re.compile(
    r"`(?P<quoted>[^`\n]+)`|(?P<dotted>[A-Za-z_$][\w$]*(?:(?:\.|::|#)[A-Za-z_$][\w$]*)+)|(?P<plain>[A-Za-z_$][\w$]*)(?P<call>\()?"
)
_SHAPED = re.compile(r"[a-z0-9][A-Z]|[A-Za-z0-9]_[A-Za-z0-9]|^_|\$")  # as no plain word is


def symbols_in(graph: Graph, text: str) -> tuple[int, ...]:
    """The symbols that a text names or gives the place of, at most :data:`MOST`: what is surest first.

    That are the places of stack traces, other places, and names that few symbols bear and that look like
    names: in backticks, with a call's bracket, dotted, in camelCase or snake_case. Files come last, and only
    where nothing in them was named.
    """
    frames = (*read_trace(text), *_places(text))
    found = list(symbols_at(graph, frames))
    found += [node for name in _names(text) for node in _meant(graph, name)]
    files = {graph.node_file[node] for node in found}
    for match in _PATH.finditer(text):
        path = file_of(graph, match.group())
        if path is not None and graph.node_file[module := graph.in_file(path)[0]] not in files:
            found.append(module)
    return tuple(dict.fromkeys(found))[:MOST]


def _places(text: str) -> Iterator[Frame]:
    for match in _PLACE.finditer(text):
        yield Frame(match["path"], int(match["line"] or match["mark"]))


def _names(text: str) -> list[str]:
    """What looks like a name, each once, in the order of the text."""
    found: dict[str, None] = {}
    for match in _NAME.finditer(text):
        quoted, plain = match["quoted"], match["plain"]
        if quoted is not None:
            found[quoted.strip().removesuffix("()")] = None
        elif match["dotted"] or match["call"] or _SHAPED.search(plain):
            found[match["dotted"] or plain] = None
    return list(found)


def _meant(graph: Graph, name: str) -> list[int]:
    """The symbols that a name means; none where too many bear it, or where it is no name at all."""
    if not name or " " in name:
        return []
    nodes = [
        node
        for node in by_written_name(graph, name)
        if not graph.is_external(node) and graph.node_kind[node] not in MODULES
    ]
    code = [node for node in nodes if not graph.is_test(node)] or nodes
    return rank(graph, code) if len(code) <= _AMBIGUOUS else []
