"""Graphs for tests, drawn by a few lines of text.

``build_graph(symbols, edges)`` reads one symbol a line, ``FILE KIND NAME [flags]``, and one edge a line,
``SOURCE KIND[/how] TARGET [confidence] [line:column …]``. Modules, keys, places and containment follow:
the symbol ``Repo.save`` of ``app/repo.py`` has the key ``python:app.repo.Repo.save``, and edges name it
``app.repo.Repo.save`` (the module itself ``app.repo``). Flags are ``test``, ``private``, ``abstract``,
``complexity=N``, ``lines=N`` and ``takes=PARAMETERS``. An external has ``-`` for its file. A name after ``@``
in front of an edge is the file that states it.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from isg.graph.graph import Graph
from isg.graph.model import Confidence, Edge, EdgeKind, How, Site, Symbol, SymbolKind, symbol_id
from isg.graph.packing import FileRow


def module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


class Drawing:
    """Symbols and edges read from text."""

    def __init__(self) -> None:
        self.symbols: dict[str, Symbol] = {}
        self.edges: list[Edge] = []
        self._next_line: dict[str, int] = {}

    def add_symbol(self, text: str) -> None:
        path, kind, name, *flags = text.split()
        if path == "-":
            self._add(name, SymbolKind.EXTERNAL, name.rpartition(".")[2], name, None, 0, 0, None, flags)
            return
        module = module_name(path)
        if module not in self.symbols:
            kind_of = SymbolKind.PACKAGE if path.endswith("/__init__.py") else SymbolKind.MODULE
            self._add(
                module,
                kind_of,
                "<module>",
                module,
                path,
                1,
                1,
                None,
                [flag for flag in flags if flag == "test"],
            )
            self._next_line[path] = 2
        if kind == "module":
            return
        owner, _, bare = f"{module}.{name}".rpartition(".")
        parent = self.symbols[owner]
        line = self._next_line[path]
        bare = bare.partition("~")[0]
        values = dict(flag.split("=") for flag in flags if "=" in flag)
        end = line + int(values.get("lines", 2)) - 1
        self._next_line[path] = end + 1
        self._add(f"{module}.{name}", SymbolKind(kind), bare, name, path, line, end, parent, flags)
        self._stretch(parent, end)
        modules = (SymbolKind.MODULE, SymbolKind.PACKAGE)
        edge = EdgeKind.CONTAINS if parent.kind in modules else EdgeKind.DEFINES
        if parent.kind not in (SymbolKind.FUNCTION, SymbolKind.METHOD):
            child = self.symbols[f"{module}.{name}"]
            self.edges.append(Edge(edge, How.NONE, Confidence.EXACT, parent.id, child.id, path, ()))

    def _add(self, full, kind, name, qualified, path, line, end, parent, flags) -> None:
        values = dict(flag.split("=") for flag in flags if "=" in flag)
        self.symbols[full] = Symbol(
            id=symbol_id("python", "p", f"python:{full}"),
            key=f"python:{full}",
            kind=kind,
            name=name,
            qualified=qualified,
            language="python",
            file=path,
            line=line,
            column=5 if line else 0,
            start_line=line,
            end_line=end,
            parent=None if parent is None else parent.id,
            signature=f"def {name}({values.get('takes', '')})",
            visibility="private" if "private" in flags else "public",
            modifiers=("abstract",) if "abstract" in flags else (),
            complexity=int(values.get("complexity", 0)),
            is_test="test" in flags,
        )

    def _stretch(self, symbol: Symbol, end: int) -> None:
        """Makes the enclosing definitions reach to a line."""
        full = symbol.key.removeprefix("python:")
        self.symbols[full] = msgspec.structs.replace(symbol, end_line=max(end, symbol.end_line))
        if symbol.parent is not None:
            self._stretch(self.symbols[full.rpartition(".")[0]], end)

    def add_edge(self, text: str) -> None:
        stated, text = (text[1:].split(maxsplit=1)) if text.startswith("@") else ("", text)
        source, kind, target, *rest = text.split()
        kind, _, how = kind.partition("/")
        confidence, sites = Confidence.EXACT, []
        for word in rest:
            if ":" in word:
                line, column = word.split(":")
                sites.append(Site(int(line), int(column)))
            else:
                confidence = Confidence.of(word)
        begin = self.symbols[source]
        edge = Edge(
            EdgeKind(kind),
            How(how),
            confidence,
            begin.id,
            self.symbols[target].id,
            stated or begin.file or "",
            tuple(sites),
        )
        self.edges.append(edge)


def draw(symbols: str, edges: str = "") -> Drawing:
    drawing = Drawing()
    for line in filter(None, map(str.strip, symbols.splitlines())):
        drawing.add_symbol(line)
    for line in filter(None, map(str.strip, edges.splitlines())):
        drawing.add_edge(line)
    return drawing


def build_graph(symbols: str, edges: str = "", unresolved: Mapping[str, int] | None = None) -> Graph:
    drawing = draw(symbols, edges)
    paths = sorted({symbol.file for symbol in drawing.symbols.values() if symbol.file is not None})
    files = [FileRow(path, "python", 100) for path in paths]
    return Graph(Graph.pack("p", "state", drawing.symbols.values(), drawing.edges, unresolved or {}, files))


def node(graph: Graph, name: str) -> int:
    """The node of a full dotted name."""
    found = graph.by_key(f"python:{name}")
    assert found is not None, name
    return found


def names(results) -> list[str]:
    """The full dotted names of results, in their order."""
    return [result.symbol.key.removeprefix("python:") for result in results]
