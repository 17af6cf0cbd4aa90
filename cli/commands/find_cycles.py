"""``isg find-cycles``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from isg.cli import baseline
from isg.cli.answer import Answer, Arrow, Diagram, Finding, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import choice
from isg.cli.render.symbols import counted, node_of, symbol_object
from isg.graph.errors import UsageError

if TYPE_CHECKING:
    from isg.graph.queries.find_cycles import Cycle, CycleEdge

_LEVELS = ("module", "package", "class", "function")
_PLURALS = {"module": "modules", "package": "packages", "class": "classes", "function": "functions"}
_CUTS_SHOWN = 3

LevelOption = Annotated[
    str, typer.Option("--level", metavar="LEVEL", help="One of " + ", ".join(_LEVELS) + ".")
]
TypeOnlyOption = Annotated[
    bool, typer.Option("--type-only/--no-type-only", help="Count imports that only type checkers read.")
]
LazyOption = Annotated[bool, typer.Option("--lazy/--no-lazy", help="Count imports inside functions.")]
FailOnOption = Annotated[str, typer.Option("--fail-on", metavar="any|new", help="Exit 1 for such cycles.")]
BaselineOption = Annotated[
    str, typer.Option("--baseline", metavar="FILE", help="Known cycles; implies --fail-on new.")
]
WriteOption = Annotated[
    bool, typer.Option("--write-baseline", help="Write the cycles there are to the baseline.")
]


def find_cycles(
    ask: Ask,
    level: LevelOption = "module",
    type_only: TypeOnlyOption = True,
    lazy: LazyOption = True,
    fail_on: FailOnOption = "",
    baseline_file: BaselineOption = "",
    write_baseline: WriteOption = False,
) -> Answer:
    """Find circles of dependencies, and the fewest edges that open them.

    Each is shown by its shortest circle, with when every edge takes effect (compile-time, runtime, re-export,
    lazy, type-only) and whether it can break an import. A baseline makes known ones pass: only new ones fail.
    """
    from isg.graph.queries.find_cycles import find_cycles as find

    choice(level, _LEVELS, "--level")
    gate = _gate(fail_on, baseline_file, write_baseline)
    found = find(
        ask.graph,
        level=level,
        include_type_only=type_only,
        include_lazy=lazy,
        min_confidence=ask.min_confidence,
    )
    cycles = found.results
    fields: dict[str, object] = {}
    notes: tuple[str, ...] = ()
    if baseline_file and not write_baseline:
        known = baseline.read(Path(baseline_file))
        gone = sorted(known - {cycle.fingerprint for cycle in cycles})
        fresh = tuple(cycle for cycle in cycles if cycle.fingerprint not in known)
        fields = {"known": len(cycles) - len(fresh), "gone": gone}
        notes = _baseline_notes(len(cycles) - len(fresh), len(gone), baseline_file)
        cycles = fresh
    if write_baseline:
        baseline.write(Path(baseline_file), cycles)
        notes = (f"{counted(len(cycles), 'cycle')} written to {baseline_file}",)
    results = [_result(cycle) for cycle in cycles]
    new = "new " if fields else ""
    return Answer(
        results=results,
        title=f"{ask.graph.project}: {counted(len(results), f'{new}cycle')} between {_PLURALS[level]}",
        bound=found.bound,
        cells=_cells,
        details=_details,
        notes=notes,
        warnings=() if fields and not cycles else found.warnings,
        fields=fields,
        diagram=_diagram,
        findings=_findings,
        failed=bool(cycles) and bool(gate),
    )


def _gate(fail_on: str, baseline_file: str, write_baseline: bool) -> str:
    """What fails the command: any cycle, new ones, or none."""
    if fail_on:
        choice(fail_on, ("any", "new"), "--fail-on")
    if (fail_on == "new" or write_baseline) and not baseline_file:
        option = "--write-baseline" if write_baseline else "--fail-on new"
        raise UsageError(f"{option} needs --baseline FILE")
    if write_baseline:
        return ""
    return fail_on or ("new" if baseline_file else "")


def _baseline_notes(known: int, gone: int, file: str) -> tuple[str, ...]:
    notes = []
    if known:
        notes.append(f"{counted(known, 'known cycle')} in {file} not shown")
    if gone:
        notes.append(f"{counted(gone, 'cycle')} of {file} no longer there: --write-baseline forgets")
    return tuple(notes)


def _result(cycle: Cycle) -> Result:
    members = [symbol_object(member) for member in cycle.members]
    for member, folder in zip(members, cycle.folders, strict=bool(cycle.folders)):
        member["folder"] = folder
    return {
        "level": cycle.level.value,
        "members": members,
        "edges": [_edge(edge) for edge in cycle.edges],
        "size": cycle.size,
        "break": [_edge(edge) for edge in cycle.break_],
        "fewest": cycle.fewest,
        "breaks_import": cycle.breaks_import,
        "fingerprint": cycle.fingerprint,
    }


def _edge(edge: CycleEdge) -> dict[str, object]:
    file, site = edge.places[0] if edge.places else (edge.source.file, None)
    return {
        "source": edge.source.key,
        "target": edge.target.key,
        "kind": edge.kind.value,
        "when": edge.when.value,
        "confidence": edge.confidence.label,
        "file": file,
        "line": site.line if site else edge.source.line,
        "sites": [{"file": path, "line": one.line, "column": one.column} for path, one in edge.places],
    }


def _cells(result: Result) -> tuple[str, ...]:
    shown = len(_edges(result, "edges"))
    size = int(str(result["size"]))
    smallest = f"shortest circle of {shown}" if shown < size else ""
    what = _PLURALS[str(result["level"])]
    return (f"{size} {what}", _danger(result), smallest, str(result["fingerprint"])[:12])


def _danger(result: Result) -> str:
    breaks = result["breaks_import"]
    return "" if breaks is None else "can break an import" if breaks else "cannot break an import"


def _details(result: Result) -> list[str]:
    names = _names(result)
    lines = [f"{_arrow(edge, names)}  {edge['when']}" for edge in _edges(result, "edges")]
    cuts = _edges(result, "break")
    fewest = "fewest" if result["fewest"] else "few"
    head = f"cut {len(cuts)} ({fewest}): "
    shown = "; ".join(_arrow(edge, names) for edge in cuts[:_CUTS_SHOWN])
    return [*lines, head + shown + (f"; {len(cuts) - _CUTS_SHOWN} more" if len(cuts) > _CUTS_SHOWN else "")]


def _arrow(edge: Result, names: Mapping[str, str]) -> str:
    source, target = names[str(edge["source"])], names[str(edge["target"])]
    return f"{source} -> {target} ({edge['file']}:{edge['line']})"


def _names(result: Result) -> dict[str, str]:
    """What the members are called: packages by their folders."""
    return {
        str(member["key"]): str(member.get("folder") or str(member["key"]).partition(":")[2])
        for member in _members(result)
    }


def _edges(result: Result, name: str) -> list[dict[str, object]]:
    edges = result[name]
    return edges if isinstance(edges, list) else []


def _members(result: Result) -> list[dict[str, object]]:
    return _edges(result, "members")


def _diagram(shown: Sequence[Result]) -> Diagram:
    nodes = {str(member["key"]): node_of(member) for result in shown for member in _members(result)}
    arrows: dict[tuple[str, str], Arrow] = {}
    for result in shown:
        for edge in (*_edges(result, "edges"), *_edges(result, "break")):
            ends = (str(edge["source"]), str(edge["target"]))
            arrows[ends] = Arrow(*ends, str(edge["kind"]), str(edge["when"]), str(edge["confidence"]))
    return Diagram(tuple(nodes.values()), tuple(arrows.values()))


def _findings(shown: Sequence[Result]) -> Sequence[Finding]:
    return [_finding(result) for result in shown]


def _finding(result: Result) -> Finding:
    edges = _edges(result, "edges")
    names = _names(result)
    circle = " -> ".join(names[str(edge["source"])] for edge in [*edges, edges[0]])
    imports = result["level"] in ("module", "package")
    cut = "; ".join(_arrow(edge, names) for edge in _edges(result, "break")[:_CUTS_SHOWN])
    return Finding(
        rule="import-cycle" if imports else "dependency-cycle",
        level="error" if result["breaks_import"] else "warning",
        message=f"{result['size']} {_PLURALS[str(result['level'])]} in a circle: {circle}. Cut: {cut}",
        file=str(edges[0]["file"]),
        line=int(str(edges[0]["line"])),
        fingerprint=str(result["fingerprint"]),
        related=tuple((str(edge["file"]), int(str(edge["line"])), _arrow(edge, names)) for edge in edges[1:]),
    )


COMMAND = Command(
    name="find-cycles",
    body=find_cycles,
    formats=("text", "json", "jsonl", "md", "dot", "mermaid", "sarif", "github"),
    examples=(
        "isg find-cycles --no-type-only --no-lazy",
        "isg find-cycles --level class --json",
        "isg find-cycles --baseline cycles.json --write-baseline",
        "isg find-cycles --baseline cycles.json --format github",
    ),
)
