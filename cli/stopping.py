"""Ending long-running commands: Ctrl-C and SIGTERM ask for it, and what runs ends in its own time."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stopping() -> Iterator[Event]:
    """An event that is set when the process is asked to end; only in the main thread."""
    stop = Event()
    before = [signal.signal(number, lambda *_: stop.set()) for number in _SIGNALS]
    try:
        yield stop
    finally:
        for number, handler in zip(_SIGNALS, before, strict=True):
            signal.signal(number, handler)
