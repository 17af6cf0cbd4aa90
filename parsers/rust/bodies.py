"""Hashes of signatures and bodies that formatting and comments do not change."""

from __future__ import annotations

import re

from isg.parsers.normalized import hashes_of
from isg.parsers.rust.walk import Walk

# Strings and characters are kept as they are; comments and white space are left out. What is not closed
# goes on to the end, so that no text is looked at twice.
_TOKENS = re.compile(
    r"""( b?c?r(?: "[^"]*"? | \#"(?:.*?"\#|.*) | \#\#"(?:.*?"\#\#|.*) )
        | "[^"\\]*(?:\\.[^"\\]*)*"?
        | '(?:\\[^'\n]+|[^\\'\x80-\xff]|[\x80-\xff]{2,4})' )
    | /\*(?:.*?\*/|.*) | //[^\n]* | \s+""",
    re.DOTALL | re.VERBOSE,
)


def hashes(walk: Walk) -> list[tuple[bytes, bytes]]:
    """The signature hash and the body hash of each symbol of the file."""
    return hashes_of(walk.tables.symbols, walk.text, _TOKENS)
