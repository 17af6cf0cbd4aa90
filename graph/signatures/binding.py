"""Whether a call fits a signature (Python reference 6.3.4, "Calls"; other languages bind by place only)."""

from __future__ import annotations

from collections.abc import Sequence

from isg.graph.signatures.arguments import Given
from isg.graph.signatures.parameters import Taken
from isg.parsers.facts import ParameterKind

_BY_PLACE = (ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL)
_BY_NAME = (ParameterKind.POSITIONAL, ParameterKind.KEYWORD_ONLY)


def misfit(given: Given, taken: Sequence[Taken]) -> str:
    """Why a call does not fit the parameters, in a few words; empty where it does, or may."""
    by_place = [each for each in taken if each.kind in _BY_PLACE]
    kinds = {each.kind for each in taken}
    if given.positional > len(by_place) and ParameterKind.VARIADIC not in kinds:
        return f"takes {len(by_place)} by position, is given {given.positional}"
    filled = {each.name for each in by_place[: given.positional]}
    nameable = {each.name for each in taken if each.kind in _BY_NAME}
    for name in given.keywords:
        if name in filled and name in nameable:
            return f"`{name}` is given twice"
        if name not in nameable and ParameterKind.KEYWORDS not in kinds:
            return f"takes no `{name}`"
    missing = [each.name for each in taken if each.required and each.name not in filled | set(given.keywords)]
    if missing and not given.open:
        return f"no argument for `{missing[0]}`"
    return ""


def may_fit(count: int, taken: Sequence[Taken]) -> bool:
    """Whether a call of that many arguments, of which no more is known, can fit the parameters."""
    required = sum(each.required for each in taken)
    endless = any(each.kind in (ParameterKind.VARIADIC, ParameterKind.KEYWORDS) for each in taken)
    return count >= required and (endless or count <= len(taken))
