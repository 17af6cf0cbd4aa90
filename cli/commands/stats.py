"""``isg stats``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from isg.cli.answer import Answer, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.render.symbols import counted, symbol_object
from isg.cli.render.text import aligned

if TYPE_CHECKING:
    from isg.graph.model import Symbol
    from isg.graph.queries.bound import Bound
    from isg.graph.queries.stats import Band, Complexity, Stats

_BAR = 30


def stats(ask: Ask) -> Answer:
    """Count symbols and edges by kind, and show how complexity is spread.

    Complexity is McCabe's cyclomatic number of each function and method.
    """
    from isg.graph.queries.stats import stats as count

    found = count(ask.graph)
    return Answer(
        results=[_result(found)],
        title=f"{ask.graph.project}: {counted(found.files, 'file')}, {counted(found.lines, 'line')}",
        bound=_bound(found),
        document="\n".join(_lines(found)),
    )


def _bound(found: Stats) -> Bound:
    from isg.graph.queries.bound import Bound

    sure = found.confidence.get("exact", 0) + found.confidence.get("inferred", 0)
    why = (f"{counted(found.unresolved, 'site')} could not be resolved",) if found.unresolved else ()
    return Bound(sure, sum(found.confidence.values()) - sure, found.unresolved, why)


def _result(found: Stats) -> Result:
    return {
        "files": found.files,
        "lines": found.lines,
        "languages": found.languages,
        "nodes": found.nodes,
        "edges": found.edges,
        "confidence": found.confidence,
        "unresolved": found.unresolved,
        "tests": found.tests,
        "complexity": _complexity(found.complexity),
    }


def _complexity(found: Complexity) -> Result:
    return {
        "functions": found.functions,
        "mean": found.mean,
        "median": found.median,
        "p90": found.p90,
        "highest": found.highest,
        "bands": [{"low": band.low, "high": band.high, "functions": band.functions} for band in found.bands],
        "most": [{**symbol_object(symbol), "complexity": symbol.complexity} for symbol in found.most],
    }


def _lines(found: Stats) -> Iterator[str]:
    yield f"languages: {_counts(found.languages)}"
    yield f"symbols:   {_counts(found.nodes)}"
    yield f"edges:     {_counts(found.edges)}"
    yield f"           {_counts(found.confidence)}"
    measured = found.complexity
    if not measured.functions:
        return
    yield (
        f"complexity of {counted(measured.functions, 'function')}: mean {measured.mean:.1f}, "
        f"median {measured.median}, p90 {measured.p90}, highest {measured.highest}"
    )
    yield from _histogram(measured.bands)
    yield "most complex:"
    yield from aligned([_most(symbol) for symbol in measured.most])


def _most(symbol: Symbol) -> tuple[str, ...]:
    return (f"  {symbol.complexity}", symbol.qualified, f"{symbol.file}:{symbol.line}")


def _histogram(bands: tuple[Band, ...]) -> list[str]:
    tallest = max(band.functions for band in bands) or 1
    rows = []
    for band in bands:
        name = (
            str(band.low)
            if band.low == band.high
            else f"{band.low}-{band.high}"
            if band.high
            else f"{band.low}+"
        )
        rows.append((f"  {name}", f"{band.functions:,}", "#" * -(-band.functions * _BAR // tallest)))
    return aligned(rows)


def _range(band: Band) -> str:
    if band.high is None:
        return f"{band.low}+"
    return str(band.low) if band.low == band.high else f"{band.low}-{band.high}"


def _counts(counts: Mapping[str, int]) -> str:
    """``class 12, method 80``: the greatest first."""
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {count:,}" for name, count in ranked) or "none"


COMMAND = Command(
    name="stats",
    body=stats,
    formats=("text", "json", "jsonl"),
    examples=("isg stats", "isg stats --json | jq '.results[0].complexity'"),
)
