"""Hashes of signatures and bodies that formatting and comments do not change."""

from __future__ import annotations

import re

from isg.parsers.normalized import hashes_of
from isg.parsers.typescript.walk import Walk

# Strings and templates stay, comments and white space go. Nothing here is tried twice: what is not closed
# goes to the end of its line or file.
_NOISE = re.compile(
    r"""\s+ | //[^\n]* | /\*(?:.*?\*/|.*)
        | ( "[^"\\\n]*(?:\\.[^"\\\n]*)*"?
          | '[^'\\\n]*(?:\\.[^'\\\n]*)*'?
          | `[^`\\]*(?:\\.[^`\\]*)*`? )""",
    re.DOTALL | re.VERBOSE,
)


def hashes(walk: Walk) -> list[tuple[bytes, bytes]]:
    """The signature hash and the body hash of each symbol of the file."""
    return hashes_of(walk.tables.symbols, walk.text, _NOISE)
