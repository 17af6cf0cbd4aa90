"""The bound on the work that the macros of one file may make."""

from __future__ import annotations


class Spent(Exception):
    """Macros of a file give more than is read of it."""


class Effort:
    """What is left of the work that may be done for the macros of one file, in tokens looked at or given."""

    __slots__ = ("left",)

    def __init__(self, tokens: int) -> None:
        self.left = tokens

    def spend(self, tokens: int) -> None:
        """Raises Spent."""
        self.left -= tokens
        if self.left < 0:
            raise Spent
