"""Hashes of signatures and bodies that formatting and comments do not change."""

from __future__ import annotations

import re
from bisect import bisect_left

from blake3 import blake3

from isg.parsers.tables import SymbolDraft
from isg.parsers.typescript.walk import Walk

_SIZE = 8
# Strings and templates stay, comments and white space go. Nothing here is tried twice: what is not closed
# goes to the end of its line or file.
_NOISE = re.compile(
    r"""("(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\.)*`?)|//[^\n]*|/\*(?:.*?\*/|.*)|\s+""", re.S
)


def hashes(walk: Walk) -> list[tuple[bytes, bytes]]:
    """The signature hash and the body hash of each symbol of the file."""
    text = NormalizedText(walk)
    return [(_signature_hash(draft), text.digest(draft.bodies)) for draft in walk.tables.symbols]


def _signature_hash(draft: SymbolDraft) -> bytes:
    text = "\n".join(draft.heads) or draft.signature
    return blake3("".join(text.split()).encode("utf-8", "replace")).digest(_SIZE)


class NormalizedText:
    """The file without comments and white space, cut where bodies begin and end."""

    def __init__(self, walk: Walk) -> None:
        text = walk.text
        cuts = {0, len(text)}
        for draft in walk.tables.symbols:
            for start, end in draft.bodies:
                cuts.add(start)
                cuts.add(end)
        self._offsets = sorted(cut for cut in cuts if cut <= len(text))
        ends = [*self._offsets[1:], len(text)]
        self._pieces = [
            "".join(filter(None, _NOISE.split(text[start:end])))
            for start, end in zip(self._offsets, ends, strict=True)
        ]

    def digest(self, spans: tuple[tuple[int, int], ...]) -> bytes:
        """The hash of these parts of the file; empty where there are none."""
        if not spans:
            return b""
        hasher = blake3()
        for start, end in spans:
            low, high = bisect_left(self._offsets, start), bisect_left(self._offsets, end)
            hasher.update("".join(self._pieces[low:high]).encode("latin-1"))
        return hasher.digest(_SIZE)
