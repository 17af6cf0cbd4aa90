"""``isg who-implements``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from isg.cli.answer import Answer, Result
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.options import SymbolsArgument
from isg.cli.render.symbols import counted, place, symbol_object, titles
from isg.graph.model import SymbolKind
from isg.graph.qualified import tail

if TYPE_CHECKING:
    from isg.graph.queries.who_implements import Implementation, NearMiss

DirectOption = Annotated[bool, typer.Option("--direct", help="Only those that name it themselves.")]
MethodsOption = Annotated[bool, typer.Option("--methods", help="Say which member each supplies or lacks.")]
NearOption = Annotated[bool, typer.Option("--near", help="Also near misses: what lacks only few members.")]


_MEMBERS_SHOWN = 8  # of each sort, in text


def who_implements(
    ask: Ask,
    symbols: SymbolsArgument,
    direct: DirectOption = False,
    methods: MethodsOption = False,
    near: NearOption = False,
) -> Answer:
    """Show every type that implements SYMBOL, or every override of a method.

    A type implements another that it extends, declares or satisfies; where it satisfies a protocol that it
    does not name, the answer says "structural". Direct ones come first.
    """
    from isg.graph.queries.who_implements import who_implements as find

    nodes = ask.nodes(symbols)
    found = find(
        ask.graph, nodes, direct=direct, methods=methods, near=near, min_confidence=ask.min_confidence
    )
    results = [_result(one, methods) for one in found.results]
    straight = sum(one.direct for one in found.results)
    total = counted(len(results), "implementation")
    return Answer(
        results=results,
        title=f"{titles(ask.graph.symbol(node) for node in nodes)}: {total}, {straight:,} direct",
        bound=found.bound,
        columns=("kind", "name", "place", "how", "confidence"),
        cells=_cells,
        details=_supplied if methods else None,
        notes=tuple(map(_near, found.near)),
        warnings=found.warnings,
        fields={"near": [_near_object(miss) for miss in found.near]} if near else {},
    )


def _result(one: Implementation, methods: bool) -> Result:
    result = symbol_object(one.symbol)
    result.update(how=one.how, confidence=one.confidence.label, direct=one.direct, via=list(one.via))
    if methods:
        result["implements"] = [
            {"method": supply.method, "by": supply.by, "of": supply.of} for supply in one.implements
        ]
    return result


def _cells(result: Result) -> tuple[str, ...]:
    via = result["via"]
    how = str(result["how"] or "overrides")
    parts = 2 if how == "overrides" else 1
    between = ", ".join(_short(key, parts) for key in via) if isinstance(via, list) else ""
    path = f"via {between}" if between else ""
    name, sure = _named(result), str(result["confidence"])
    return (str(result["kind"]), name, place(result), how, sure, path)


def _named(result: Result) -> str:
    """What an implementer is called: an ``impl`` block for a type of others by its whole head."""
    return str(result["signature" if result["kind"] == SymbolKind.IMPL_BLOCK else "qualified"])


def _supplied(result: Result) -> list[str]:
    """Which members a type supplies itself, inherits from whom, or lacks."""
    groups: dict[tuple[int, str], list[str]] = {}
    for supply in _supplies(result):
        of = supply["of"]
        if of is None:
            group = (2, "lacks {}")
        elif of == result["key"]:
            group = (0, "supplies {}")
        else:
            group = (1, f"inherits {{}} from {_short(of, 1)}")
        groups.setdefault(group, []).append(str(supply["method"]))
    ranked = sorted(groups.items(), key=lambda item: item[0][0])
    return [form.format(_some(names)) for (_, form), names in ranked]


def _some(names: Sequence[str]) -> str:
    """The first names, the others counted."""
    left = len(names) - _MEMBERS_SHOWN
    return ", ".join(names[:_MEMBERS_SHOWN]) + (f" and {left} more" if left > 0 else "")


def _supplies(result: Result) -> list[dict[str, object]]:
    supplies = result.get("implements", [])
    return supplies if isinstance(supplies, list) else []


def _short(key: object, parts: int) -> str:
    """The end of a key: a class by its name, a method with its class."""
    return tail(str(key), parts)


def _near(miss: NearMiss) -> str:
    return (
        f"near: {miss.symbol.qualified} ({miss.symbol.file}:{miss.symbol.line}) lacks {', '.join(miss.lacks)}"
    )


def _near_object(miss: NearMiss) -> Result:
    return {**symbol_object(miss.symbol), "lacks": list(miss.lacks)}


COMMAND = Command(
    name="who-implements",
    body=who_implements,
    formats=("text", "json", "jsonl"),
    examples=(
        "isg who-implements Field",
        "isg who-implements View.dispatch --json",
        "isg who-implements Storage --methods --near",
    ),
)
