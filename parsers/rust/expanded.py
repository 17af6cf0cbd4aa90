"""What a macro gives as text, and where in the file each part of it stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from isg.parsers.rust.lexing import NOWHERE, Token, TokenKind


class Expanded:
    """The text of some tokens."""

    __slots__ = ("_places", "_starts", "text")

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._starts: list[int] = []  # of tokens, in the text
        self._places: list[int] = []  # of the same, in the file
        written: list[str] = []
        end = 0
        before = TokenKind.MARK
        for token in tokens:
            gap = token.gap
            if not gap and TokenKind.MARK not in (before, token.kind):
                gap = " "  # they are two tokens all the same
            self._starts.append(end + len(gap))
            self._places.append(token.place)
            written += (gap, token.text)
            end += len(gap) + len(token.text)
            before = token.kind
        self.text = "".join(written)

    def place_of(self, offset: int) -> int:
        """The place in the file of an offset in the text; or NOWHERE."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0 or self._places[index] == NOWHERE:
            return NOWHERE
        return self._places[index] + offset - self._starts[index]
