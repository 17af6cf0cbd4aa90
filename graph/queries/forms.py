"""How what ``context`` shows is written down: Markdown, or XML as some models like it best.

Each piece begins and ends so that pieces can simply be joined.
"""

from __future__ import annotations

import re
from typing import Protocol
from xml.sax.saxutils import escape, quoteattr

from isg.graph.model import Symbol

_BACKTICKS = re.compile(r"`+")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Form(Protocol):
    """A way to write pieces down."""

    begin: str
    end: str

    def source(self, symbol: Symbol, role: str, text: str) -> str:
        """A symbol with its source."""

    def heading(self, symbol: Symbol) -> str:
        """What stands above the listed symbols of a file."""

    def signature(self, symbol: Symbol, role: str, text: str) -> str:
        """A symbol of the file with its signature."""

    def names(self, texts: list[str]) -> str:
        """The symbols of the file of which only the name is shown; nothing where there are none."""

    def foot(self) -> str:
        """What stands below the listed symbols of a file."""

    def note(self, text: str) -> str:
        """What is said at the end."""


class Markdown:
    """Headings, fences and lists."""

    begin = end = ""

    def source(self, symbol: Symbol, role: str, text: str) -> str:
        fence = _fence(text)
        head = f"\n## {symbol.qualified} ({role}) {symbol.file}:{symbol.line}\n"
        return f"{head}{fence}{symbol.language}\n{text}\n{fence}\n"

    def heading(self, symbol: Symbol) -> str:
        return f"\n{symbol.file}:\n"

    def signature(self, symbol: Symbol, role: str, text: str) -> str:
        return f"- {symbol.line} {_code(text)} {role}\n"

    def names(self, texts: list[str]) -> str:
        return f"- also {', '.join(map(_flat, texts))}\n" if texts else ""

    def foot(self) -> str:
        return ""

    def note(self, text: str) -> str:
        return f"\n{text}\n"


class Xml:
    """Elements; sources are CDATA sections, so that they stand there as they are."""

    begin, end = "<context>\n", "</context>\n"

    def source(self, symbol: Symbol, role: str, text: str) -> str:
        place = f"file={_attribute(symbol.file or '')} line={_attribute(str(symbol.line))}"
        data = _NOT_XML.sub("\ufffd", text).replace("]]>", "]]]]><![CDATA[>")
        head = f"<source name={_attribute(symbol.qualified)} role={_attribute(role)} {place}>"
        return f"{head}<![CDATA[\n{data}\n]]></source>\n"

    def heading(self, symbol: Symbol) -> str:
        return f"<file path={_attribute(symbol.file or '')}>\n"

    def signature(self, symbol: Symbol, role: str, text: str) -> str:
        about = f"line={_attribute(str(symbol.line))} role={_attribute(role)}"
        return f"<signature {about}>{_escaped(text)}</signature>\n"

    def names(self, texts: list[str]) -> str:
        return f"<names>{_escaped(', '.join(texts))}</names>\n" if texts else ""

    def foot(self) -> str:
        return "</file>\n"

    def note(self, text: str) -> str:
        return f"<note>{_escaped(text)}</note>\n"


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
