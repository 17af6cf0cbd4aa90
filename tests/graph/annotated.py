"""Sources whose comments say what their names resolve to (the grammar: fixtures/resolution/README.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

from isg.graph.linking.project import ProjectFiles
from isg.graph.linking.update import link_all
from isg.graph.model import Confidence, Edge, EdgeKind, How, LinkedFile, Site, Symbol
from isg.parsers.buildfiles import build_of
from isg.parsers.buildfiles.tree import tree_of_texts
from isg.parsers.facts import FileFacts
from isg.parsers.languages import language_of
from isg.parsers.parse import parse

FIXTURES = Path(__file__).parent.parent / "fixtures" / "resolution"
FILE = re.compile(r"(?:(?:#|//) )?--- path: (.+?) ---\s*$")
CLAIM = re.compile(
    r"(?P<lead>\s*)(?P<mark>#|//)(?:<|(?P<gap_to_caret>\s*)\^+)"
    r"\s+(?P<claim>.+?)(?:\s+\(gap: (?P<gap>.+)\))?\s*$"
)
NAME = re.compile(r"#?[\w$]+|[^\w\s]")

VERBS = {
    "calls": EdgeKind.CALLS,
    "uses": EdgeKind.USES,
    "implements": EdgeKind.IMPL,
    "imports": EdgeKind.IMPORTS,
    "overrides": EdgeKind.OVERRIDES,
    "satisfies": EdgeKind.IMPL,
}
OF_THE_DEFINITION = {"overrides", "satisfies"}
CONFIDENCES = {level.label: level for level in Confidence}
HOWS = {str(how): how for how in How if how is not How.NONE}

Sources: TypeAlias = dict[str, str]


@dataclass(frozen=True)
class Claim:
    """One comment of a fixture."""

    fixture_line: int
    path: str
    line: int
    column: int  # 1-based, in bytes: where the name begins
    name: str
    words: tuple[str, ...]
    gap: str | None

    def __str__(self) -> str:
        return f"{self.fixture_line} {self.name} {' '.join(self.words)}"

    @property
    def place(self) -> tuple[str, int, int]:
        return (self.path, self.line, self.column)


@dataclass(frozen=True)
class Fixture:
    sources: Sources
    claims: tuple[Claim, ...]


def fixtures() -> list[Path]:
    """The fixtures of all languages."""
    return sorted(path for path in FIXTURES.rglob("*") if language_of(path.name, bytes) is not None)


def fixture_name(path: Path) -> str:
    return path.relative_to(FIXTURES).as_posix()


def read_fixture(path: Path) -> Fixture:
    """The project and the claims in a fixture file."""
    sources: dict[str, list[str]] = {}
    claims: list[Claim] = []
    current, code = "", 0
    for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
        header = FILE.match(text)
        if header:
            current = header[1]
            sources[current] = []
            continue
        if not current:
            continue
        lines = sources[current]
        lines.append(text)
        found = CLAIM.match(text)
        if found:
            claims.append(_claim(found, number, current, code, lines[code - 1]))
        else:
            code = len(lines)
    return Fixture({name: "\n".join(lines) + "\n" for name, lines in sources.items()}, tuple(claims))


def _claim(found: re.Match[str], number: int, path: str, line: int, code: str) -> Claim:
    indent = len(found["lead"])
    gap = found["gap_to_caret"]
    at = indent if gap is None else indent + len(found["mark"]) + len(gap)
    for name in NAME.finditer(code):
        if name.start() <= at < name.end():
            column = len(code[: name.start()].encode()) + 1
            return Claim(number, path, line, column, name[0], tuple(found["claim"].split()), found["gap"])
    raise ValueError(f"line {number}, {path}: no name stands above the caret: {code!r}")


@cache
def facts_of(language: str, text: str) -> FileFacts:
    return parse(language, text.encode())


def project_of(sources: Mapping[str, str]) -> ProjectFiles:
    """A project given as the texts of its files, build files among them."""
    texts = dict(sources)
    found = {path: language_of(path, bytes) for path in texts}
    languages = {path: language for path, language in found.items() if language is not None}
    build = build_of(tree_of_texts(texts), "fixture")
    return ProjectFiles(build, languages, lambda path: facts_of(languages[path], texts[path]))


def link_sources(sources: Mapping[str, str]) -> dict[str, LinkedFile]:
    """The linked files of a project given as text."""
    linked, _ = link_all(project_of(sources))
    return {file.path: file for file in linked}


class Linked:
    """A linked fixture, ready to be asked about places."""

    def __init__(self, fixture: Fixture) -> None:
        self.files = link_sources(fixture.sources)
        symbols = [s for f in self.files.values() for s in (*f.symbols, *f.externals)]
        self.symbols: dict[int, Symbol] = {s.id: s for s in symbols}
        self.edges = [edge for file in self.files.values() for edge in (*file.edges,)]
        self.edges += _structural(list(self.symbols.values()), self.edges)
        self._claimed: dict[tuple[tuple[str, int, int], str], set[str]] = {}
        for claim in fixture.claims:
            if claim.words[0] in VERBS:
                self._claimed.setdefault((claim.place, claim.words[0]), set()).add(claim.words[1])

    def verdict(self, claim: Claim) -> str | None:
        """Why a claim does not hold; None where it does."""
        verb, *rest = claim.words
        if verb == "not":
            return self._against(claim, rest[0], rest[1])
        if verb == "nothing":
            found = [edge for edge in self._at(claim) if edge.kind is not EdgeKind.CONTAINS]
            return f"found {self._shown(found)}" if found else None
        if verb == "unresolved":
            return self._unresolved(claim)
        if verb == "external":
            return self._external(claim, rest[0])
        if verb == "defines":
            kinds = [str(s.kind) for s in self._defined(claim)]
            return None if kinds == [rest[0]] else f"defines {kinds}"
        return self._edge(claim, verb, rest[0], rest[1:])

    def _edge(self, claim: Claim, verb: str, target: str, words: list[str]) -> str | None:
        kind = VERBS[verb]
        pool = list(self._of_definition(claim) if verb in OF_THE_DEFINITION else self._at(claim))
        found = [
            e for e in pool if e.kind is kind and self._called(e) == target and self._fits(e, verb, words)
        ]
        if not found:
            return f"found {self._shown(pool)}"
        claimed = self._claimed[claim.place, verb]
        others = [
            edge
            for edge in pool
            if edge.kind is kind
            and edge.confidence >= Confidence.INFERRED
            and edge.how is not How.CONSTRUCT
            and not self._is_external(edge)
            and self._called(edge) not in claimed
        ]
        return f"also found {self._shown(others)}" if others and verb in ("calls", "uses") else None

    def _fits(self, edge: Edge, verb: str, words: list[str]) -> bool:
        """Whether an edge is of the confidence, the manner and the source that a claim's words ask for."""
        rest = iter(words)
        least = verb not in OF_THE_DEFINITION
        for word in rest:
            if word == "from":
                if self._key(edge.source) != next(rest):
                    return False
            elif word in CONFIDENCES:
                least = False
                if edge.confidence is not CONFIDENCES[word]:
                    return False
            elif edge.how is not HOWS[word]:
                return False
        if verb == "satisfies" and edge.how is not How.STRUCTURAL:
            return False
        return not least or edge.confidence >= Confidence.INFERRED or edge.how is How.CALLBACK

    def _against(self, claim: Claim, verb: str, target: str) -> str | None:
        pool = self._of_definition(claim) if verb in OF_THE_DEFINITION else self._at(claim)
        found = [e for e in pool if e.kind is VERBS[verb] and self._called(e) == target]
        return f"found {self._shown(found)}" if found else None

    def _external(self, claim: Claim, name: str) -> str | None:
        found = [edge for edge in self._at(claim) if edge.kind not in (EdgeKind.CONTAINS, EdgeKind.DEFINES)]
        outside = [edge for edge in found if self.symbols[edge.target].external]
        inside = [edge for edge in found if not self.symbols[edge.target].external]
        if inside or name not in {self._called(edge) for edge in outside}:
            return f"found {self._shown(found)}"
        return None

    def _unresolved(self, claim: Claim) -> str | None:
        found = list(self._at(claim))
        outcomes = {
            reference.outcome
            for reference in self.files[claim.path].references
            if (reference.line, reference.column) == (claim.line, claim.column)
        }
        if found or outcomes != {"unresolved"}:
            return f"found {self._shown(found)}, outcomes {sorted(outcomes)}"
        return None

    def _at(self, claim: Claim) -> Iterator[Edge]:
        """The edges seen at a place."""
        place = Site(claim.line, claim.column)
        return (edge for edge in self.edges if edge.file == claim.path and place in edge.sites)

    def _defined(self, claim: Claim) -> list[Symbol]:
        symbols = self.files[claim.path].symbols
        return [
            s for s in symbols if (s.line, s.column) == (claim.line, claim.column) and s.name == claim.name
        ]

    def _of_definition(self, claim: Claim) -> Iterator[Edge]:
        ids = {symbol.id for symbol in self._defined(claim)}
        return (edge for edge in self.edges if edge.source in ids)

    def _key(self, symbol: int) -> str:
        found = self.symbols.get(symbol)
        return found.key.partition(":")[2] if found else f"<no symbol {symbol}>"

    def _called(self, edge: Edge) -> str:
        found = self.symbols.get(edge.target)
        return found.qualified if found and found.external else self._key(edge.target)

    def _is_external(self, edge: Edge) -> bool:
        found = self.symbols.get(edge.target)
        return found is not None and found.external

    def _shown(self, edges: list[Edge] | Iterator[Edge]) -> str:
        shown = [
            " ".join(
                filter(
                    None, (e.kind, e.how, self._called(e), e.confidence.label, "from", self._key(e.source))
                )
            )
            for e in edges
        ]
        return "; ".join(sorted(shown)) or "no edge"


def _structural(symbols: list[Symbol], edges: list[Edge]) -> list[Edge]:
    try:
        from isg.graph.linking.structural import whole_project_edges
    except ImportError:
        return []
    return list(whole_project_edges(symbols, edges))
