"""``isg blast-radius``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from isg.cli.answer import Answer, Arrow, Diagram, Result
from isg.cli.changing import (
    Changes,
    broken,
    changes_in_patch,
    changes_of,
    count_breaking,
    notices,
    reached_by,
    sites_of,
)
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import KindsOption, choice, edge_kinds
from isg.cli.render.runners import RUNNERS
from isg.cli.render.symbols import counted, node_of, place, symbol_object, titles
from isg.cli.seeds import DiffOption, patch_of
from isg.cli.testing import everything, tests_answer
from isg.graph.errors import UsageError

if TYPE_CHECKING:
    from isg.graph.model import Symbol
    from isg.graph.queries.blast_radius import BlastRadius, FileImpact, Impact

DepthOption = Annotated[int, typer.Option("--depth", metavar="N", help="How many hops to follow.")]
DirectionOption = Annotated[
    str,
    typer.Option("--direction", metavar="in|out", help="in: its dependents; out: what it needs."),
]
_FILES_SHOWN = 8


ChangeOption = Annotated[
    str,
    typer.Option(
        "--change",
        metavar="KIND",
        help="What about SYMBOL changes: signature, rename, delete, body, return, raises. [default: all]",
    ),
]
ToOption = Annotated[
    str, typer.Option("--to", metavar="SIGNATURE", help="What it will take, 'f(a, *, b)': which calls break?")
]
ChangedArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SYMBOL...",
        help="A key, a dotted name or any end of it, path, path:line, or - to read them from standard input.",
    ),
]
TestsOption = Annotated[bool, typer.Option("--tests", help="The tests that reach it, likeliest first.")]
ShareOption = Annotated[
    int | None,
    typer.Option(
        "--share",
        metavar="N",
        help="With --tests: the likeliest N percent of all. [default: 50; 100 takes all]",
    ),
]
AsOption = Annotated[
    str,
    typer.Option(
        "--as",
        metavar="RUNNER",
        help="With --tests: print them for files, pytest, jest, vitest or cargo, an argument a line.",
    ),
]
_CHANGES = ("signature", "rename", "delete", "body", "return", "raises")


def blast_radius(
    ask: Ask,
    symbols: ChangedArgument = None,
    change: ChangeOption = "",
    to: ToOption = "",
    diff: DiffOption = "",
    depth: DepthOption = 3,
    direction: DirectionOption = "in",
    kinds: KindsOption = "",
    tests: TestsOption = False,
    share: ShareOption = None,
    runner: AsOption = "",
) -> Answer:
    """Show everything that can break when SYMBOL changes, likeliest first.

    Depth counts hops of dependency (CALLS, USES, IMPL, IMPORTS). A changed method touches the callers of
    what it overrides too, a changed class its members, users and subclasses, a changed module its importers.
    With --change, depth 1 is what a change of that kind breaks at once: calls for a signature, every mention
    for a rename or deletion, what runs it for a body.
    """
    if depth < 1:
        raise UsageError("--depth must be 1 or more")
    choice(direction, ("in", "out"), "--direction")
    _check(symbols, diff, change, to, kinds, direction)
    _check_tests(tests, share, runner)
    changes = _changes(ask, symbols or (), diff, change or ("signature" if to else ""), to)
    if tests:
        answer = tests_answer(ask, changes.nodes, share, runner, everything(changes.unseen))
    elif change or to or diff:
        answer = _of_changes(ask, changes, depth)
    else:
        answer = _answer(ask, changes.nodes, _of_any(ask, changes.nodes, depth, direction, kinds), direction)
    return replace(answer, warnings=(*notices(changes), *answer.warnings)) if diff else answer


def _check(
    symbols: Collection[str] | None, diff: str, change: str, to: str, kinds: str, direction: str
) -> None:
    """Raises UsageError where an option has no such value, or options do not go together."""
    edge_kinds(kinds)
    if change:
        choice(change, _CHANGES, "--change")
    if (change or to or diff) and (kinds or direction == "out"):
        raise UsageError(
            "the kind of a change says itself which edges count", hint="leave --kinds and --direction out"
        )
    if diff and (symbols or to):
        raise UsageError("--diff says itself what changes", hint="leave SYMBOL and --to out")
    if to and change not in ("", "signature"):
        raise UsageError(f"--to is a new signature, not for --change {change}")


def _check_tests(tests: bool, share: int | None, runner: str) -> None:
    if runner:
        choice(runner, tuple(RUNNERS), "--as")
    if runner and not tests:
        raise UsageError("--as is for --tests")
    if share is not None and not 0 < share <= 100:
        raise UsageError("--share must be from 1 to 100 percent")


def _changes(ask: Ask, symbols: Sequence[str], diff: str, change: str, to: str) -> Changes:
    """What changes, by the symbols that are named or the patch."""
    if not diff:
        return changes_of(ask, ask.nodes(symbols), change, to)
    return changes_in_patch(ask, patch_of(ask, diff), change)


def _of_changes(ask: Ask, changes: Changes, depth: int) -> Answer:
    found, checked = reached_by(ask, changes, depth)
    answer = _answer(ask, changes.nodes, found, "in")
    if not checked:
        return answer
    sites = sites_of(ask, checked)
    results = [
        {**result, "sites": sites[key]} if (key := str(result["key"])) in sites else result
        for result in answer.results
    ]
    fields = {**answer.fields, "call_sites": len(checked), "breaking": count_breaking(checked)}
    return replace(answer, results=results, title=f"{answer.title}; {broken(checked)}", fields=fields)


def _of_any(ask: Ask, nodes: Sequence[int], depth: int, direction: str, kinds: str) -> BlastRadius:
    from isg.graph.queries.blast_radius import blast_radius as find

    return find(
        ask.graph,
        nodes,
        depth=depth,
        direction="out" if direction == "out" else "in",
        kinds=edge_kinds(kinds),
        min_confidence=ask.min_confidence,
    )


def _answer(ask: Ask, nodes: Sequence[int], found: BlastRadius, direction: str) -> Answer:
    seeds = [ask.graph.symbol(node) for node in nodes]
    results = [_result(one) for one in found.results]
    files = counted(len(found.files), "file")
    by_depth = Counter(result["depth"] for result in results)
    return Answer(
        results=results,
        title=f"{titles(seeds) or 'no symbol'}: {counted(len(results), 'symbol')} in {files}",
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
    sites = result.get("sites")
    if isinstance(sites, list):
        test = f"{len(sites)} {sites[0]['why']} {test}".strip()
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
    default_confidence="guess",
    examples=(
        "isg blast-radius Model.save",
        "isg blast-radius Model.save --to 'save(self, *, force)'",
        "git diff | isg blast-radius --diff - --paths-only",
        "isg blast-radius app/models.py:120 --tests --as pytest | xargs pytest",
        "git diff --name-only -- '*.py' | isg blast-radius - --together --format md",
    ),
)
