"""The answer that ``callers`` and ``callees`` share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from isg.cli.answer import Answer, Result
from isg.cli.render.symbols import counted, place, symbol_object, titles

if TYPE_CHECKING:
    from isg.graph.model import Symbol
    from isg.graph.queries.calls import Call, Calls


def calls_answer(found: Calls, asked: Sequence[Symbol], noun: str) -> Answer:
    """One result for each other end, with every place of a call."""
    results = [_result(call) for call in found.results]
    sites = sum(len(call.sites) for call in found.results)
    return Answer(
        results=results,
        title=f"{titles(asked)}: {counted(len(results), noun)}, {counted(sites, 'call site')}",
        bound=found.bound,
        columns=("kind", "name", "place", "how", "confidence"),
        cells=_cells,
        warnings=found.warnings,
    )


def _result(call: Call) -> Result:
    return {
        **symbol_object(call.symbol),
        "how": call.how.value or None,
        "confidence": call.confidence.label,
        "count": len(call.sites),
        "via": call.via,
        "sites": [{"file": file, "line": site.line, "column": site.column} for file, site in call.sites],
    }


def _cells(result: Result) -> tuple[str, ...]:
    sites = result["sites"]
    first = sites[0] if isinstance(sites, list) and sites else None
    where = f"{first['file']}:{first['line']}" if first else place(result)
    more = f"+{int(str(result['count'])) - 1}" if int(str(result["count"])) > 1 else ""
    how = " ".join(
        filter(None, (str(result["how"] or ""), f"through {result['via']}" if result["via"] else ""))
    )
    name = str(result["qualified"])
    return (str(result["kind"]), name, where, more, str(result["confidence"]), how)
