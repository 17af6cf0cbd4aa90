"""How what ``context`` shows is written down: Markdown, XML as some models like it best, or texts alone.

Each piece begins and ends so that pieces can simply be joined.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol
from xml.sax.saxutils import escape, quoteattr

from isg.graph.model import Symbol

_BACKTICKS = re.compile(r"`+")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Form(Protocol):
    """A way to write pieces down."""

    begin: str
    end: str

    def heading(self, symbol: Symbol) -> str:
        """What stands above all that is shown of the file of a symbol, unless that is names alone."""

    def source(self, symbol: Symbol, role: str, text: str) -> str:
        """A symbol of the file with its source."""

    def signature(self, symbol: Symbol, role: str, text: str) -> str:
        """A symbol of the file with its signature."""

    def names(self, symbols: Sequence[Symbol]) -> str:
        """The symbols of the file of which only the name is shown; nothing where there are none."""

    def further_name(self, symbol: Symbol, of_owner: int) -> str:
        """What one more name adds to a list of names of the file, so many of the same owner among them."""

    def foot(self) -> str:
        """What stands below all that is shown of a file."""

    def only_names(self, symbols: Sequence[Symbol]) -> str:
        """A file of which only names are shown."""

    def note(self, text: str) -> str:
        """What is said at the end."""


class Markdown:
    """Headings, fences and lists."""

    begin = end = ""

    def heading(self, symbol: Symbol) -> str:
        return f"\n## {symbol.file}\n"

    def source(self, symbol: Symbol, role: str, text: str) -> str:
        fence = _fence(text)
        return f"{symbol.line} {symbol.qualified} ({role})\n{fence}{symbol.language}\n{text}\n{fence}\n"

    def signature(self, symbol: Symbol, role: str, text: str) -> str:
        return f"- {symbol.line} {_code(text)} {role}\n"

    def names(self, symbols: Sequence[Symbol]) -> str:
        return f"- also {', '.join(_by_owner(symbols))}\n" if symbols else ""

    def further_name(self, symbol: Symbol, of_owner: int) -> str:
        return _further(symbol, of_owner)

    def foot(self) -> str:
        return ""

    def only_names(self, symbols: Sequence[Symbol]) -> str:
        return f"\n{symbols[0].file}: {', '.join(_by_owner(symbols))}\n"

    def note(self, text: str) -> str:
        return f"\n{text}\n"


class Xml:
    """Elements; sources are CDATA sections, so that they stand there as they are."""

    begin, end = "<context>\n", "</context>\n"

    def heading(self, symbol: Symbol) -> str:
        return f"<file path={_attribute(symbol.file or '')}>\n"

    def source(self, symbol: Symbol, role: str, text: str) -> str:
        data = _NOT_XML.sub("\ufffd", text).replace("]]>", "]]]]><![CDATA[>")
        about = f"line={_attribute(str(symbol.line))} role={_attribute(role)}"
        return f"<source name={_attribute(symbol.qualified)} {about}><![CDATA[\n{data}\n]]></source>\n"

    def signature(self, symbol: Symbol, role: str, text: str) -> str:
        about = f"line={_attribute(str(symbol.line))} role={_attribute(role)}"
        return f"<signature {about}>{_escaped(text)}</signature>\n"

    def names(self, symbols: Sequence[Symbol]) -> str:
        return f"<names>{_escaped(', '.join(_by_owner(symbols)))}</names>\n" if symbols else ""

    def further_name(self, symbol: Symbol, of_owner: int) -> str:
        return _escaped(_further(symbol, of_owner))

    def foot(self) -> str:
        return "</file>\n"

    def only_names(self, symbols: Sequence[Symbol]) -> str:
        return self.heading(symbols[0]) + self.names(symbols) + self.foot()

    def note(self, text: str) -> str:
        return f"<note>{_escaped(text)}</note>\n"


class Texts:
    """The texts alone, each on its own lines, for where what they are of is said beside them: in JSON.

    That of a name is the bare name, as in a list below its owner.
    """

    begin = end = ""

    def heading(self, symbol: Symbol) -> str:
        return ""

    def source(self, symbol: Symbol, role: str, text: str) -> str:
        return f"{text}\n"

    def signature(self, symbol: Symbol, role: str, text: str) -> str:
        return f"{text}\n"

    def names(self, symbols: Sequence[Symbol]) -> str:
        return "".join(f"{symbol.name}\n" for symbol in symbols)

    def further_name(self, symbol: Symbol, of_owner: int) -> str:
        return f"{symbol.name}\n"

    def foot(self) -> str:
        return ""

    def only_names(self, symbols: Sequence[Symbol]) -> str:
        return self.names(symbols)

    def note(self, text: str) -> str:
        return ""


def owner_of(symbol: Symbol) -> str:
    """What stands before the name of a symbol where it is qualified, with the mark between: ``Request.``."""
    owner = symbol.qualified.removesuffix(symbol.name)
    return owner if owner.endswith((".", "::")) else ""


def _further(symbol: Symbol, of_owner: int) -> str:
    if not of_owner:
        return f", {symbol.qualified}"
    return f"{{ }}, {symbol.name}" if of_owner == 1 and owner_of(symbol) else f", {symbol.name}"


def _by_owner(symbols: Sequence[Symbol]) -> list[str]:
    """The names of symbols, those of one owner together: ``Request.{method, url}``."""
    owned: dict[str, list[str]] = {}
    for symbol in symbols:
        owner = owner_of(symbol)
        owned.setdefault(owner, []).append(_flat(symbol.qualified.removeprefix(owner)))
    texts: list[str] = []
    for owner, names in owned.items():
        if owner and len(names) > 1:
            texts.append(f"{_flat(owner)}{{{', '.join(names)}}}")
        else:
            texts += [_flat(owner) + name for name in names]
    return texts


def _fence(text: str) -> str:
    """A run of backticks longer than any in the text."""
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    return "`" * max(3, longest + 1)


def _flat(text: str) -> str:
    return " ".join(text.split())


def _code(text: str) -> str:
    flat = _flat(text)
    fence = "`" * (max((len(run) for run in _BACKTICKS.findall(flat)), default=0) + 1)
    space = " " if "`" in flat else ""
    return f"{fence}{space}{flat}{space}{fence}"


def _escaped(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", _flat(text)))


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", text))


MARKDOWN: Form = Markdown()
XML: Form = Xml()
TEXTS: Form = Texts()
