"""What a call gives, read from the source behind the name that it calls."""

from __future__ import annotations

import re

import msgspec

_OPENING, _CLOSING = "([{", ")]}"
_KEYWORD = re.compile(r"([A-Za-z_]\w*)\s*=(?!=)")
_COMMENTS = {"python": re.compile(r"#[^\n]*")}
_C_COMMENTS = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_PYTHON_STRING = re.compile(
    r"(?s)[A-Za-z]{0,2}(\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')"
)
_SCRIPT_STRING = re.compile(r"(?s)\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`")
_RUST_STRING = re.compile(r"(?s)\"(?:\\.|[^\"\\])*\"|'(?:\\[^']+|[^'\\])'")
_STRINGS = {"python": _PYTHON_STRING, "typescript": _SCRIPT_STRING, "rust": _RUST_STRING}
_BEFORE = {  # what may stand between the name and the parenthesis
    "python": re.compile(r"\s*"),
    "typescript": re.compile(r"\s*!?\s*(?:\?\.)?\s*(?:<[^()]*?>)?\s*"),
    "rust": re.compile(r"\s*!?\s*(?:::\s*<[^()]*?>)?\s*"),
}


class Given(msgspec.Struct, frozen=True):
    """The arguments of a call."""

    positional: int
    keywords: tuple[str, ...] = ()
    open: bool = False  # with `*args`, `**options` or `...rest`: there may be more


def given_by(text: str, family: str) -> Given | None:
    """The arguments of the call whose callee's name the text begins behind; None where none is called."""
    before = _BEFORE[family].match(text)
    start = before.end() if before else 0
    if text[start : start + 1] != "(":
        return None
    arguments = _split(text, start, family)
    if arguments is None:
        return None
    return _sorted_out(arguments, family)


def _split(text: str, start: int, family: str) -> list[str] | None:
    """The arguments between the parenthesis at ``start`` and the one that closes it; None without that."""
    strings, comments = _STRINGS[family], _COMMENTS.get(family, _C_COMMENTS)
    depth, at, since = 0, start, start + 1
    found: list[str] = []
    while at < len(text):
        skipped = comments.match(text, at) or strings.match(text, at)
        if skipped:
            at = skipped.end()
            continue
        character = text[at]
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth -= 1
            if depth == 0:
                return _without_blanks([*found, text[since:at]], comments)
        elif character == "," and depth == 1:
            found.append(text[since:at])
            since = at + 1
        at += 1
    return None


def _without_blanks(arguments: list[str], comments: re.Pattern[str]) -> list[str]:
    stripped = (comments.sub("", argument).strip() for argument in arguments)
    return [argument for argument in stripped if argument]


def _sorted_out(arguments: list[str], family: str) -> Given:
    star = {"python": "*", "typescript": "..."}.get(family)
    plain = [argument for argument in arguments if not (star and argument.startswith(star))]
    named = [_KEYWORD.match(argument) if family == "python" else None for argument in plain]
    keywords = tuple(match[1] for match in named if match)
    return Given(len(plain) - len(keywords), keywords, open=len(plain) < len(arguments))
