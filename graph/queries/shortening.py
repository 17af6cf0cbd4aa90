"""Sources made shorter where the budget asks for it: without long documentation, or cut after a line."""

from __future__ import annotations

import re
from collections.abc import Callable

from isg.graph.model import Symbol

_LONG = 3  # lines: shorter documentation is never cut
_COMMENT = re.compile(r"[ \t]*(?://|/\*|\*)")
_DOCSTRING = re.compile(  # a string that is the first statement of a block
    r":[ \t]*(?:#[^\n]*)?\n(?P<open>[ \t]+[rRuU]?(?P<quotes>\"\"\"|'''))(?P<text>.*?)(?P=quotes)", re.DOTALL
)


def without_documentation(symbol: Symbol, text: str) -> str | None:
    """A source without long documentation, and that said; None where there is none.

    That is what stands above a Rust item, and what follows the first paragraph of a docstring of Python.
    """
    if symbol.language == "python":
        return _without_docstring(text)
    return _without_comment(symbol, text)


def numbered(source: Callable[[Symbol], str | None]) -> Callable[[Symbol], str | None]:
    """The same sources, each line with its number."""

    def of(symbol: Symbol) -> str | None:
        text = source(symbol)
        if text is None:
            return None
        return "\n".join(f"{at} {line}" for at, line in enumerate(text.split("\n"), symbol.start_line))

    return of


def cut_mark(lines: int) -> str:
    """What stands where a source was cut."""
    return f"… (cut: {lines} more lines)"


def _without_comment(symbol: Symbol, text: str) -> str | None:
    lines = text.split("\n")
    above = lines[: symbol.line - symbol.start_line]
    kept = [line for line in above if not _COMMENT.match(line)]
    cut = len(above) - len(kept)
    if cut < _LONG:
        return None
    return "\n".join([f"… (cut: {cut} lines of comment)", *kept, *lines[len(above) :]])


def _without_docstring(text: str) -> str | None:
    found = _DOCSTRING.search(text)
    if found is None or found["text"].count("\n") < _LONG:
        return None
    summary = found["text"].partition("\n\n")[0].rstrip()
    cut = found["text"].count("\n") - summary.count("\n")
    if cut < _LONG:
        return None
    shortened = f"{found['open']}{summary}\n… (cut: {cut} lines){found['quotes']}"
    return text[: found.start("open")] + shortened + text[found.end() :]
