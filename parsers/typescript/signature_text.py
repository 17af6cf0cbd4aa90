"""Signatures as one clean line of source."""

from __future__ import annotations

import re

MAX_VALUE = 40
MAX_TYPE = 120
_COMMENT = re.compile(
    r"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|//[^\n]*|/\*.*?\*/""", re.S
)
_OPENING = re.compile(r"([(\[<]) ")
_CLOSING = re.compile(r" ?,? ?([)\]>])(?<!=>)")
_LITERAL = re.compile(
    r"""(?:"[^"\\\n]*"|'[^'\\\n]*'|`[^`$\\\n]*`|-?[\d.][\w.]*|true|false|null|undefined|[\[\]{},:\s])*\Z"""
)


def clean_line(text: str) -> str:
    """Source text on one line: comments cut, white space collapsed, none inside brackets."""
    if "//" in text or "/*" in text:
        text = _COMMENT.sub(r"\1", text)
    line = " ".join(text.split())
    if "\n" in text:
        line = _CLOSING.sub(r"\1", _OPENING.sub(r"\1", line))
    return line.rstrip(";,").rstrip()


def variable_signature(head: str, value: str) -> str:
    """``const NAME: T = 3``; a value that is long or no literal is ``…``."""
    head = clean_line(head).removesuffix("=").rstrip()
    if not value:
        return head
    return f"{head} = {value if len(value) <= MAX_VALUE and _LITERAL.match(value) else '…'}"


def alias_signature(head: str, value: str) -> str:
    """``type NAME<T> = …``, with the type itself where it is short."""
    head, value = clean_line(head), clean_line(value)
    return f"{head} {value if len(value) <= MAX_TYPE else '…'}"
