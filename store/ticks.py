"""How far the times of files tell whether something was written since.

The rule about racy entries is git's: a file that was written no earlier than we began to look may have been
written again within the same tick of the clock, so that only its content can tell.
"""

from __future__ import annotations

TICK = 20_000_000  # ns; a kernel's clock may be so much behind
_COARSE_TICK = 2_000_000_000  # where times have whole seconds only
_SECOND = 1_000_000_000


def was_just_written(written: int, now: int) -> bool:
    """Whether what was written at a time may have been written again, at the same time by the clock."""
    return written >= now - (TICK if written % _SECOND else _COARSE_TICK)
