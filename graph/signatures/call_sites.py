"""Which calls of a function a new signature breaks, read at each site."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from isg.graph.codes import CALLS, HOW_CODE
from isg.graph.dispatch import dispatched_callers
from isg.graph.graph import Graph
from isg.graph.model import Confidence, How, Site, SymbolKind
from isg.graph.signatures.arguments import Given, given_by
from isg.graph.signatures.binding import misfit
from isg.graph.signatures.parameters import Taken, has_receiver
from isg.parsers.languages import FAMILIES

_NAME = re.compile(r"[\w$]+")
_CALLBACK = HOW_CODE[How.CALLBACK]
_LINES = (1, 4, 16, 64, 256)  # that a call is looked for on, ever more of them

LineOf = Callable[[str, int], str | None]


class CheckedSite(msgspec.Struct, frozen=True):
    """A call, and what the new signature does to it."""

    arc: int
    file: str
    site: Site
    breaks: bool | None  # None: cannot be told
    why: str = ""


def check_calls(
    graph: Graph, node: int, taken: Sequence[Taken], line_of: LineOf, floor: int
) -> tuple[CheckedSite, ...]:
    """Every call of a function, also through what it overrides, against the parameters that it will take."""
    family = FAMILIES[graph.symbol(node).language]
    found = (
        _checked(graph, node, arc, file, site, _read(graph, node, file, site, line_of, family), taken)
        for arc in dict.fromkeys(_calls(graph, node, floor))
        for file, site in graph.places(arc)
    )
    return tuple(sorted(found, key=lambda each: (each.file, each.site)))


def _calls(graph: Graph, node: int, floor: int) -> Iterator[int]:
    for arc in graph.incoming(node, CALLS):
        generic = graph.arc_how[arc] == _CALLBACK and graph.arc_confidence[arc] <= Confidence.DISPATCH
        if graph.arc_confidence[arc] >= floor and not generic:
            yield arc
    if floor <= Confidence.DISPATCH:
        yield from (found.arc for found in dispatched_callers(graph, node, floor))


def _checked(
    graph: Graph, node: int, arc: int, file: str, site: Site, given: Given | None, taken: Sequence[Taken]
) -> CheckedSite:
    if given is None:
        return CheckedSite(arc, file, site, None, "not a plain call")
    why = misfit(given, taken)
    if not why and given.open:
        return CheckedSite(arc, file, site, None, "passes arguments on")
    return CheckedSite(arc, file, site, bool(why), why)


def _read(graph: Graph, node: int, file: str, site: Site, line_of: LineOf, family: str) -> Given | None:
    """What a call gives, without the receiver where it is named as an argument (``Base.save(self, x)``)."""
    first = (line_of(file, site.line) or "").encode()
    before, after = first[: site.column - 1].decode(errors="replace"), first[site.column - 1 :]
    name = _NAME.match(after.decode(errors="replace"))
    if name is None:
        return None
    rest = after.decode(errors="replace")[name.end() :]
    given = next(
        (found for text in _texts(rest, file, site, line_of) if (found := given_by(text, family))), None
    )
    if given is not None and given.positional and _names_type(graph, node, before, family):
        return msgspec.structs.replace(given, positional=given.positional - 1)
    return given


def _texts(rest: str, file: str, site: Site, line_of: LineOf) -> Iterator[str]:
    """The text behind a name, of ever more lines."""
    for count in _LINES:
        more = (line_of(file, site.line + ahead) for ahead in range(1, count))
        yield "\n".join([rest, *(line for line in more if line is not None)])


def _names_type(graph: Graph, node: int, before: str, family: str) -> bool:
    """Whether a method with a receiver is called through its type, so that the receiver is an argument."""
    symbol = graph.symbol(node)
    owner = graph.owner(node)
    if owner < 0 or symbol.kind is SymbolKind.CONSTRUCTOR or not has_receiver(symbol):
        return False
    if family == "rust":
        return before.rstrip().endswith("::")
    return family == "python" and bool(
        re.search(rf"\b{re.escape(graph.symbol(owner).name)}\s*\.\s*$", before)
    )


def spared(graph: Graph, sites: Iterable[CheckedSite], holders: Callable[[Graph, int], set[int]]) -> set[int]:
    """What makes only calls that still fit; ``holders`` gives the symbols around the sites of an arc."""
    fitting: set[int] = set()
    broken: set[int] = set()
    for each in sites:
        (fitting if each.breaks is False else broken).update(holders(graph, each.arc))
    return fitting - broken
