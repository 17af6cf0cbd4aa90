"""What this process may use of the machine."""

from __future__ import annotations

import os
import sys
import threading


def processors() -> int:
    """How many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def may_fork() -> bool:
    """Whether forking is safe: on a system whose libraries bear it, while there is one thread to copy."""
    return sys.platform == "linux" and threading.active_count() == 1
