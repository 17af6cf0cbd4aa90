"""Room for deep recursion while linking, and only then."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_FRAMES = 2_000_000  # a gigabyte of them: a recursion without an end must end before the memory does


@contextmanager
def deep_calls() -> Iterator[None]:
    """Lets Python calls nest as deep as the expressions and call chains of the sources do.

    They need no C stack. What does, such as a decoder of JSON, must find the limit as it was.
    """
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(max(limit, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
