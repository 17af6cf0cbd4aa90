"""Signatures as one clean line of source."""

from __future__ import annotations

import re

MAX_VALUE = 40

# strings are kept as they are; comments and white space become one space
_BREAKS = re.compile(r'("(?:[^"\\]|\\.)*")|(?://[^\n]*|/\*.*?\*/|\s+)+', re.DOTALL)
_TIGHT = re.compile(r"(?<=[(\[<]) | (?=[)\],;?])| (?=>)(?<!- )|(?<=&) ")
_TRAILING = re.compile(r",(?=[)\]>])")


def clean_line(text: str) -> str:
    """Source text on one line: no comments, no white space inside brackets, no trailing comma."""
    several = "\n" in text
    if '"' in text or "//" in text or "/*" in text:
        text = _BREAKS.sub(lambda found: found[1] or " ", text).strip()
    else:
        text = " ".join(text.split())
    line = text.rstrip(";{").rstrip()
    if several:
        line = _TRAILING.sub("", _TIGHT.sub("", line))
    return line.rstrip(",")


def value_signature(head: str, value: str) -> str:
    """``const C: u8 = 3``; a value that is long or no literal is ``…``."""
    head = clean_line(head)
    if not value:
        return head
    return f"{head} = {value if _is_short_literal(value) else '…'}"


def _is_short_literal(value: str) -> bool:
    """Whether it is short and names nothing."""
    if len(value) > MAX_VALUE or "\n" in value:
        return False
    bare = re.sub(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|\b\d\w*|\b(?:true|false)\b', "", value)
    return not any(char.isalpha() or char == "_" for char in bare)
