"""The answer of ``isg blast-radius --tests``: the tests that a change calls for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from isg.cli.answer import Answer, Result
from isg.cli.composition import Ask
from isg.cli.render.runners import arguments
from isg.cli.render.symbols import counted, place, symbol_object, titles

if TYPE_CHECKING:
    from isg.graph.graph import Graph
    from isg.graph.queries.selection import Selected

_PROSE = (".md", ".rst")
_SHOWN = 3  # symbols of a way, where it is longer its first and last


def tests_answer(ask: Ask, nodes: Sequence[int], share: int | None, runner: str, everything: str) -> Answer:
    """The tests that have a way to the nodes, likeliest first; as arguments where a runner is named."""
    from isg.graph.queries.selection import SHARE, select_tests

    found = select_tests(
        ask.graph,
        nodes,
        ask.line,
        floor=ask.min_confidence,
        share=SHARE if share is None else share / 100,
        together=_together(ask, nodes),
        everything=everything,
    )
    results = [_result(ask.graph, one) for one in found.results]
    shown = results[: ask.limit] if ask.limit else results
    seeds = [ask.graph.symbol(node) for node in nodes]
    subject = titles(seeds) if seeds else "the change"
    return Answer(
        results=results,
        title=f"{subject}: {counted(len(results), 'test')} of {found.tests:,}",
        bound=found.bound,
        columns=("name", "place", "way"),
        cells=_cells,
        warnings=found.warnings,
        fields={"tests": found.tests, "left_out": found.left_out},
        document=arguments(runner, shown) if runner else None,
        verbatim=bool(runner),
    )


def everything(unseen: Sequence[str]) -> str:
    """Why all tests are called for, where files changed that the graph does not see; prose is none."""
    files = [path for path in unseen if not path.lower().endswith(_PROSE)]
    return f"isg does not see into {', '.join(files[:3])}" if files else ""


def _together(ask: Ask, nodes: Sequence[int]) -> Mapping[int, float]:
    """How often each node changed together with these."""
    history = ask.history()
    found: dict[int, float] = {}
    if history is None:
        return found
    for node in nodes:
        for symbol, weight in history.weights(ask.graph.symbol(node).id).items():
            partner = ask.graph.node_of(symbol)
            if partner is not None:
                found[partner] = found.get(partner, 0.0) + weight
    return found


def _result(graph: Graph, one: Selected) -> Result:
    test = symbol_object(one.symbol)
    if one.title:
        test |= {"name": one.title, "qualified": one.title, "line": one.line, "end_line": one.end_line}
    path = [graph.symbol(node) for node in one.path]
    return {
        **test,
        "depth": one.depth,
        "score": one.score,
        "via": {"kind": str(one.via), "key": path[0].key} if path and one.via else None,
        "confidence": one.confidence.label,
        "is_test": True,
        "way": one.way,
        "path": [symbol.key for symbol in path],
    }


def _cells(result: Result) -> tuple[str, ...]:
    keys = result["path"] if isinstance(result["path"], list) else []
    names = [str(key).rpartition(":")[2].rpartition(".")[2] for key in keys]
    if len(names) > _SHOWN:
        names = [*names[: _SHOWN - 1], "…", names[-1]]
    way = f"{result['way']} {' > '.join(names)}".rstrip()
    return (str(result["qualified"]), place(result), way)
