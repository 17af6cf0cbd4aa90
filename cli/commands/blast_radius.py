"""``isg blast-radius``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from isg.cli.answer import Answer, Arrow, Diagram, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import KindsOption, SymbolsArgument, TestsOption, choice, edge_kinds
from isg.cli.render.symbols import counted, node_of, place, symbol_object, titles
from isg.graph.errors import UsageError

if TYPE_CHECKING:
    from isg.graph.model import Symbol
    from isg.graph.queries.blast_radius import FileImpact, Impact

DepthOption = Annotated[int, typer.Option("--depth", metavar="N", help="How many hops to follow.")]
DirectionOption = Annotated[
    str,
    typer.Option("--direction", metavar="in|out", help="in: its dependents; out: what it needs."),
]
_FILES_SHOWN = 8


def blast_radius(
    ask: Ask,
    symbols: SymbolsArgument,
    depth: DepthOption = 3,
    direction: DirectionOption = "in",
    kinds: KindsOption = "",
    tests: TestsOption = False,
) -> Answer:
    """Show everything that can break when SYMBOL changes, likeliest first.

    Depth counts hops of dependency (CALLS, USES, IMPL, IMPORTS). A changed method touches the callers of
    what it overrides too, a changed class its members, users and subclasses, a changed module its importers.
    """
    from isg.graph.queries.blast_radius import blast_radius as find

    if depth < 1:
        raise UsageError("--depth must be 1 or more")
    choice(direction, ("in", "out"), "--direction")
    wanted = edge_kinds(kinds)
    nodes = ask.nodes(symbols)
    found = find(
        ask.graph,
        nodes,
        depth=depth,
        direction="out" if direction == "out" else "in",
        kinds=wanted,
        min_confidence=ask.min_confidence,
        tests_only=tests,
    )
    seeds = [ask.graph.symbol(node) for node in nodes]
    results = [_result(one) for one in found.results]
    files = counted(len(found.files), "file")
    by_depth = Counter(result["depth"] for result in results)
    return Answer(
        results=results,
        title=f"{titles(seeds)}: {counted(len(results), 'symbol')} in {files}",
        bound=found.bound,
        columns=("kind", "name", "place", "via", "confidence", ""),
        cells=_cells,
        group=lambda result: f"depth {result['depth']}: {counted(by_depth[result['depth']], 'symbol')}",
        notes=_by_file(found.files),
        warnings=found.warnings,
        fields={"files": [_file_object(file) for file in found.files]},
        diagram=lambda shown: _diagram(seeds, shown, direction),
    )


def _result(one: Impact) -> Result:
    return {
        **symbol_object(one.symbol),
        "depth": one.depth,
        "score": one.score,
        "via": {"kind": str(one.via.kind), "key": one.via.key},
        "confidence": one.confidence.label,
        "is_test": one.is_test,
    }


def _cells(result: Result) -> tuple[str, ...]:
    via = result["via"]
    kind, key = (via["kind"], via["key"]) if isinstance(via, dict) else ("", "")
    test = "test" if result["is_test"] else ""
    name = str(result["qualified"])
    reached = f"{kind} {str(key).rpartition(':')[2].rpartition('.')[2]}"
    return (str(result["kind"]), name, place(result), reached, str(result["confidence"]), test)


def _by_file(files: Sequence[FileImpact]) -> tuple[str, ...]:
    if not files:
        return ()
    parts = [f"{file.file} ({file.symbols})" for file in files[:_FILES_SHOWN]]
    left = len(files) - len(parts)
    return (f"files: {', '.join(parts)}" + (f" and {left:,} more" if left > 0 else ""),)


def _file_object(file: FileImpact) -> Result:
    return {
        "file": file.file,
        "symbols": file.symbols,
        "depth": file.depth,
        "score": file.score,
        "is_test": file.is_test,
    }


def _diagram(seeds: Sequence[Symbol], shown: Sequence[Result], direction: str) -> Diagram:
    nodes = [node_of(symbol_object(seed), emphasis=True) for seed in seeds]
    known = {node.key for node in nodes}
    nodes += [node_of(result) for result in shown if result["key"] not in known]
    known |= {node.key for node in nodes}
    arrows = []
    for result in shown:
        via = result["via"]
        if isinstance(via, dict) and via["key"] in known:
            ends = (str(result["key"]), str(via["key"]))
            source, target = ends if direction == "in" else ends[::-1]
            arrows.append(Arrow(source, target, str(via["kind"]), None, str(result["confidence"])))
    return Diagram(tuple(nodes), tuple(arrows))


COMMAND = Command(
    name="blast-radius",
    body=blast_radius,
    formats=("text", "json", "jsonl", "md", "dot", "mermaid"),
    examples=(
        "isg blast-radius Model.save",
        "isg blast-radius app/models.py:120 --tests --paths-only | xargs pytest",
        "git diff --name-only -- '*.py' | isg blast-radius - --together --format md",
    ),
)
