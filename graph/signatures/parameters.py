"""What a callable takes, read from the line of its signature by the rules of its language."""

from __future__ import annotations

import re

import msgspec

from isg.graph.errors import UsageError
from isg.graph.linking.shapes import parameters_of
from isg.graph.model import Symbol, SymbolKind
from isg.parsers.facts import ParameterKind
from isg.parsers.languages import FAMILIES

_BRACKETS = {"python": ("([{", ")]}")}
_WITH_ANGLES = ("([{<", ")]}>")
_RUST_RECEIVER = re.compile(r"(&\s*('\w+\s+)?)?(mut\s+)?self\b")
_NAME = re.compile(r"[\w$]+")
_RECEIVERS = frozenset({"self", "cls", "this"})


class Taken(msgspec.Struct, frozen=True):
    """A parameter of a callable."""

    name: str
    kind: ParameterKind
    required: bool


def taken_by(symbol: Symbol) -> tuple[Taken, ...]:
    """The parameters of a function or method, without its receiver."""
    family = FAMILIES[symbol.language]
    bound = symbol.kind in (SymbolKind.METHOD, SymbolKind.CONSTRUCTOR, SymbolKind.PROPERTY)
    found = _read(symbol.signature, family)
    if family == "python" and bound and "static" not in symbol.modifiers:
        return found[1:]
    return found


def has_receiver(symbol: Symbol) -> bool:
    """Whether a method is called on an instance, which is its first argument where its type is named."""
    family = FAMILIES[symbol.language]
    if family == "rust":
        written = parameters_of(symbol.signature, _WITH_ANGLES)
        return bool(written) and bool(_RUST_RECEIVER.match(written[0]))
    return family == "python" and not {"static", "class"} & set(symbol.modifiers)


def taken_by_text(text: str, language: str) -> tuple[Taken, ...]:
    """The parameters of a signature as a user writes it, ``f(a, *, b=1)``; a receiver may be left out.

    Raises UsageError where there is no parameter list.
    """
    if "(" not in text or ")" not in text:
        raise UsageError(f"no parameter list in {text!r}", hint="--to 'name(a, b=1, *, c)'")
    found = _read(text, FAMILIES[language])
    return found[1:] if found and found[0].name in _RECEIVERS else found


def _read(signature: str, family: str) -> tuple[Taken, ...]:
    written = parameters_of(signature, _BRACKETS.get(family, _WITH_ANGLES))
    if family == "python":
        return _python(written)
    if family == "rust":
        return tuple(
            Taken(_name(text), ParameterKind.POSITIONAL_ONLY, required=True)
            for text in written
            if not _RUST_RECEIVER.match(text)
        )
    return tuple(_typescript(text) for text in written if not re.match(r"this\s*:", text))


def _python(written: list[str]) -> tuple[Taken, ...]:
    found: list[Taken] = []
    kind = ParameterKind.POSITIONAL
    for text in written:
        if text == "/":
            found = [msgspec.structs.replace(each, kind=ParameterKind.POSITIONAL_ONLY) for each in found]
        elif text.startswith("**"):
            found.append(Taken(_name(text), ParameterKind.KEYWORDS, required=False))
        elif text.startswith("*"):
            kind = ParameterKind.KEYWORD_ONLY
            if len(text) > 1:
                found.append(Taken(_name(text), ParameterKind.VARIADIC, required=False))
        else:
            found.append(Taken(_name(text), kind, required="=" not in text))
    return tuple(found)


def _typescript(text: str) -> Taken:
    if text.startswith("..."):
        return Taken(_name(text), ParameterKind.VARIADIC, required=False)
    optional = text.partition(":")[0].rstrip().endswith("?") or "=" in text.replace("=>", "")
    return Taken(_name(text), ParameterKind.POSITIONAL_ONLY, required=not optional)


def _name(text: str) -> str:
    """The name of a parameter; of a destructured one all that it takes apart."""
    if text[:1] in "{[":
        return " ".join(_NAME.findall(text.partition("}")[0]))
    found = _NAME.search(text.replace("mut ", ""))
    return found[0] if found else text
