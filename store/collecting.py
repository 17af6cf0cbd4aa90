"""The collector of cyclic garbage, kept out of work that makes many objects and hardly any cycle."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for cyclic garbage meanwhile: it would visit millions of live objects to find hardly one."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def stay() -> None:
    """Search for it from now on: what one command may leave to its end adds up in a process that goes on."""
    gc.enable()


def set_apart() -> None:
    """Never visit what is alive now: a whole project in memory, which stays.

    Each of the rare full collections would otherwise hold up an answer for a tenth of a second and more. What
    was set apart before may be garbage by now, and is looked through once.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
