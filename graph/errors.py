"""What can go wrong in a way that the user can act on. Anything else is a bug of ours.

Each error has a code (what scripts match on), the exit status of the command line, one line that says
what happened, and where there is one, the next step. CONTRACTS.md lists the exit codes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from isg.graph.model import Symbol


class IsgError(Exception):
    """An error with a code, an exit status, a message, perhaps a hint and candidates.

    ``str(error)`` is the message. ``code`` may be narrowed where one is raised (`code="bad-revision"`);
    the exit status belongs to the class.
    """

    code: str = "error"
    exit_code: ClassVar[int] = 6

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        candidates: Iterable[Symbol] = (),
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.candidates = tuple(candidates)
        if code is not None:
            self.code = code


class UsageError(IsgError):
    """The command was given something that it cannot mean."""

    code = "usage"
    exit_code = 2


class AmbiguousSymbol(IsgError):
    """A selector stands for several symbols; ``candidates`` holds them, best first."""

    code = "ambiguous-symbol"
    exit_code = 3


class NotFound(IsgError):
    """No such symbol, file or revision; ``candidates`` holds the nearest."""

    code = "not-found"
    exit_code = 4


class StaleIndex(IsgError):
    """The index is stale or missing, and the policy forbids mending it."""

    code = "stale-index"
    exit_code = 5


class WorkFailed(IsgError):
    """The work could not be done: unreadable tree, disk full, locked too long …"""

    code = "work-failed"
    exit_code = 6


class NewerStore(WorkFailed):
    """The store was made by a newer version of isg."""

    code = "newer-store"


class LockTimeout(WorkFailed):
    """Another process is writing the index and did not finish in time."""

    code = "locked"


class RecordDamaged(WorkFailed):
    """The record of the index is not as it was written."""

    code = "damaged-record"


class RecordMoved(WorkFailed):
    """The record is of another state of the tree than the graph that it is asked about."""

    code = "moved-record"
