"""How a method can be called, read from its signature line, by the rules of its language."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from isg.graph.model import Symbol
from isg.parsers.languages import FAMILIES

_BRACKETS = ("([{", ")]}")
_WITH_ANGLES = ("([{<", ")]}>")
_THIS = re.compile(r"this\s*:")
_RUST_RECEIVER = re.compile(r"(&\s*('\w+\s+)?)?(mut\s+)?self\b")


class Shape(msgspec.Struct, frozen=True):
    """Positional parameters after the receiver, and what it must be given."""

    required: int
    accepted: int
    variadic: bool = False
    keywords: frozenset[str] = frozenset()  # keyword-only parameters
    required_keywords: frozenset[str] = frozenset()
    open_keywords: bool = False
    overlooks: bool = False  # whether arguments beyond the accepted ones do no harm


def callable_as(offered: Shape, wanted: Shape) -> bool:
    """Whether what calls the wanted method may call the offered one instead."""
    if offered.required > wanted.accepted and not wanted.variadic:
        return False
    if wanted.accepted > offered.accepted and not (offered.variadic or offered.overlooks):
        return False
    if offered.required_keywords - wanted.keywords:
        return False
    return offered.open_keywords or wanted.keywords <= offered.keywords


def shape_of(method: Symbol) -> Shape:
    """The shape of a method."""
    return _SHAPES[FAMILIES[method.language]](method)


def _python(method: Symbol) -> Shape:
    required = accepted = 0
    variadic = open_keywords = keyword_only = False
    keywords: set[str] = set()
    required_keywords: set[str] = set()
    receiver = "static" not in method.modifiers
    for parameter in parameters_of(method.signature, _BRACKETS):
        name = parameter.split(":")[0].split("=")[0].strip()
        has_default = "=" in parameter
        if parameter == "/":
            continue
        if name.startswith("**"):
            open_keywords = True
        elif name.startswith("*"):
            variadic = variadic or len(name) > 1
            keyword_only = True
        elif receiver:
            receiver = False
        elif keyword_only:
            keywords.add(name)
            if not has_default:
                required_keywords.add(name)
        else:
            accepted += 1
            required += not has_default
    return Shape(
        required, accepted, variadic, frozenset(keywords), frozenset(required_keywords), open_keywords
    )


def _typescript(method: Symbol) -> Shape:
    """A function may be given more than it takes (TypeScript handbook, "Comparing two functions")."""
    parameters = parameters_of(method.signature, _WITH_ANGLES)
    named = [parameter for parameter in parameters if not _THIS.match(parameter)]
    plain = [parameter for parameter in named if not parameter.startswith("...")]
    required = sum(not _may_be_left_out(parameter) for parameter in plain)
    return Shape(required, len(plain), variadic=len(plain) < len(named), overlooks=True)


def _may_be_left_out(parameter: str) -> bool:
    name = parameter.partition(":")[0].rstrip()
    return name.endswith("?") or "=" in parameter.replace("=>", "")


def _rust(method: Symbol) -> Shape:
    parameters = parameters_of(method.signature, _WITH_ANGLES)
    given = [parameter for parameter in parameters if not _RUST_RECEIVER.match(parameter)]
    return Shape(len(given), len(given))


_SHAPES: dict[str, Callable[[Symbol], Shape]] = {
    "python": _python,
    "typescript": _typescript,
    "rust": _rust,
}


def parameters_of(signature: str, brackets: tuple[str, str]) -> list[str]:
    """The parameters of a signature line ``def f(a: int = 0, *, b) -> str``, split at top-level commas.

    They stand in the first parentheses that are not within others: ``f<F extends () => void>(a: F)``.
    """
    opening, closing = brackets
    depth, start, result = 0, -1, list[str]()
    for at, character in enumerate(signature):
        if character in opening:
            depth += 1
            if character == "(" and depth == 1:
                start = at + 1
        elif character in closing and not _is_arrow(signature, at):
            depth -= 1
            if start >= 0 and depth == 0:
                result.append(signature[start:at].strip())
                break
        elif character == "," and depth == 1 and start >= 0:
            result.append(signature[start:at].strip())
            start = at + 1
    return [parameter for parameter in result if parameter]


def _is_arrow(text: str, at: int) -> bool:
    return text[at] == ">" and at > 0 and text[at - 1] in "-="
