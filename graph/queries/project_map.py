"""What a newcomer to a project reads first: its most important signatures, within a budget of tokens.

Public symbols come before all others, and among each the more important ones first
(:mod:`isg.graph.queries.importance`). What stands in an internal file (``_compat.py``) is public where a
package shows it by name. A signature is printed below those of what it stands in, and those below their file,
the file of the most important one first.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Sequence

import msgspec

from isg.graph.codes import symbol_codes
from isg.graph.graph import Graph
from isg.graph.model import CALLABLE_KINDS, TYPE_KINDS, Confidence, Symbol, SymbolKind
from isg.graph.queries.bound import Bound, Notice
from isg.graph.queries.importance import importance, presented
from isg.graph.queries.members import CALLABLES
from isg.graph.queries.tokens import estimate

KINDS = TYPE_KINDS | CALLABLE_KINDS | {SymbolKind.TYPE_ALIAS}
_INTERNAL = re.compile(r"(^|/)_(?!_)")  # a file or folder of such a name is its project's own business
_LONGEST = 160  # characters of a signature: the rest of a longer one is left out
_INDENT = "    "  # in Markdown a line that is indented so is code
_NUMBERS = 10**7  # a footer is never longer than one that says so many are left out


class Entry(msgspec.Struct, frozen=True):
    """A symbol of the map, and the line that shows it."""

    symbol: Symbol
    score: float  # its importance, as a share of the highest in the project
    text: str
    tokens: int


class ProjectMap(msgspec.Struct, frozen=True):
    """Entries in rank order; ``document`` is the Markdown of all of them, ``tokens`` its estimate."""

    results: tuple[Entry, ...]
    budget: int
    tokens: int
    document: str
    left_out: int  # signatures that were asked for and did not fit
    bound: Bound
    warnings: tuple[Notice, ...] = ()


def project_map(
    graph: Graph,
    *,
    budget: int,
    kinds: Collection[SymbolKind] | None = None,
    files: Collection[int] | None = None,
    tests: bool = False,
    min_confidence: Confidence = Confidence.DISPATCH,
    limit: int = 0,
) -> ProjectMap:
    """The most important signatures that fit into a budget of tokens, at most ``limit`` where one is given.

    ``kinds`` are types and callables unless said otherwise, ``files`` (indexes) all of them; ``tests`` brings
    the project's tests too. What is defined inside a function is nobody's interface and never shown.
    """
    scores = importance(graph, min_confidence)
    asked = _candidates(graph, symbol_codes(KINDS if kinds is None else kinds), files, tests)
    shown = presented(graph)
    ranked = sorted(asked, key=lambda node: (not _is_public(graph, node, shown), -scores[node], node))
    page = _Page(graph)
    page.fill(ranked[:limit] if limit else ranked, budget)
    document = page.document(len(ranked), budget)
    left_out = len(ranked) - len(page.nodes)
    results = tuple(
        Entry(graph.symbol(node), scores[node], text := page.lines[node].strip(), estimate(text))
        for node in page.nodes
    )
    return ProjectMap(
        results,
        budget,
        estimate(document),
        document,
        left_out,
        Bound(len(results), 0),
        _warnings(len(results), left_out, budget),
    )


def _candidates(
    graph: Graph, kinds: frozenset[int], files: Collection[int] | None, tests: bool
) -> Iterable[int]:
    for node, kind in enumerate(graph.node_kind):
        file = graph.node_file[node]
        if kind not in kinds or file < 0 or (files is not None and file not in files):
            continue
        inner = any(graph.node_kind[outer] in CALLABLES for outer in _around(graph, node))
        if not inner and (tests or not graph.is_test(node)):
            yield node


def _is_public(graph: Graph, node: int, shown: Container[int]) -> bool:
    """Whether a symbol is meant for others: in an internal file only what is shown by name elsewhere."""
    parts = (*_around(graph, node), node)
    if not all(map(graph.is_public, parts)):
        return False
    return not _INTERNAL.search(graph.path(node) or "") or any(part in shown for part in parts)


def _around(graph: Graph, node: int) -> list[int]:
    """What a node stands in, the outermost first, without the module that is its file."""
    found: list[int] = []
    outer = graph.parent[node]
    while outer >= 0 and graph.parent[outer] >= 0 and graph.node_file[outer] == graph.node_file[node]:
        found.append(outer)
        outer = graph.parent[outer]
    return found[::-1]


class _Page:
    """Signatures as they are printed: chosen one after the other, by file in the end."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.nodes: list[int] = []  # the chosen ones, in rank order
        self.lines: dict[int, str] = {}  # of those, and of what they stand in
        self._headings: dict[int, str] = {}  # by file

    def fill(self, ranked: Sequence[int], budget: int) -> None:
        """Take as many as fit, in their order, beside a footer."""
        room = budget - estimate(_footer(_NUMBERS, budget))
        for node in ranked:
            file = self.graph.node_file[node]
            heading = self._headings.get(file) or f"\n## {_flat(self.graph.files[file].path)}\n"
            new = {part: _line(self.graph, part) for part in (*_around(self.graph, node), node)}
            new = {part: line for part, line in new.items() if part not in self.lines}
            room -= sum(map(estimate, new.values())) + (0 if file in self._headings else estimate(heading))
            if room < 0:
                return
            self.nodes.append(node)
            self.lines |= new
            self._headings[file] = heading

    def document(self, candidates: int, budget: int) -> str:
        """All that was chosen, with a footer; what is too much after all is dropped from the end."""
        while self.nodes:
            text = self._body() + _footer(candidates - len(self.nodes), budget)
            if estimate(text) <= budget:
                return text
            self.nodes.pop()
        return ""

    def _body(self) -> str:
        shown = dict.fromkeys(part for node in self.nodes for part in (*_around(self.graph, node), node))
        files: dict[int, list[int]] = {}
        for part in shown:
            files.setdefault(self.graph.node_file[part], []).append(part)
        return "".join(
            self._headings[file] + "".join(self.lines[part] for part in sorted(parts))
            for file, parts in files.items()
        ).lstrip("\n")


def _line(graph: Graph, node: int) -> str:
    symbol = graph.symbol(node)
    text = _flat(symbol.signature) or symbol.name
    if len(text) > _LONGEST:
        text = text[:_LONGEST].rstrip() + " …"
    return f"{_INDENT * (1 + len(_around(graph, node)))}{text}\n"


def _flat(text: str) -> str:
    """Text on one line, without characters that command a terminal."""
    return "".join(letter if letter.isprintable() else "�" for letter in " ".join(text.split()))


def _footer(left_out: int, budget: int) -> str:
    if not left_out:
        return ""
    return f"\n{left_out:,} more left out; --budget {2 * budget} shows more, --path FOLDER a part\n"


def _warnings(shown: int, left_out: int, budget: int) -> tuple[Notice, ...]:
    if shown:
        return ()
    if left_out:
        return (
            Notice("budget", f"a budget of {budget} tokens is too small for any of {left_out:,} signatures"),
        )
    return (Notice("none", "looked, and there is no signature of that kind"),)
