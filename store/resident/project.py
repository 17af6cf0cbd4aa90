"""A project held in memory: one writer takes changes in ticks, readers never wait for it.

What a reader works with is a :class:`Snapshot`. It never changes; an update publishes another one, and
whoever still holds the old one goes on with it.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from isg.graph.errors import WorkFailed
from isg.store.freshness import is_fresh
from isg.store.head import read_head
from isg.store.location import StoreLocation
from isg.store.refresh import refresh
from isg.store.report import IndexReport, RefreshOptions
from isg.store.resident.changes import Changes, changes
from isg.store.resident.ticks import Paths, Ticks
from isg.store.snapshot import Snapshot, load_state

if TYPE_CHECKING:
    from isg.store.database import Migrate

PATIENCE = 2.0  # seconds that a tick waits for another process that is indexing


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tick came to; ``report`` is None where nothing had to be done."""

    snapshot: Snapshot
    changes: Changes
    report: IndexReport | None


class Resident:
    """A project in memory, as fresh as it was last asked to be."""

    def __init__(self, root: Path, location: StoreLocation, migrate: Migrate) -> None:
        self.root = root
        self.location = location
        self._migrate = migrate
        self._snapshot = self._open()
        self._ticks = Ticks(self._tick)

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest state; None as long as there is none."""
        return self._snapshot

    def refresh(self, paths: AbstractSet[str] | None = None) -> Outcome:
        """Take in what has changed up to this call, and give the state after it.

        ``paths`` (relative to the root, with ``/``) are what is known to have changed; None looks at the
        whole tree. Raises what bringing an index up to date raises; the state is then what it was.
        """
        return self._ticks.request(None if paths is None else frozenset(paths)).result()

    def is_fresh(self) -> bool:
        """Whether the newest state is of the files as they are now."""
        return self._snapshot is not None and self._is_current(self._snapshot)

    def settle(self) -> Snapshot:
        """The newest state, when the record holds it too: for who reads rows besides the graph."""
        return self.refresh().snapshot if self._snapshot is None else self._snapshot

    def close(self) -> None:
        """End the writer; what was asked of it is done first."""
        self._ticks.close()

    # the writer's

    def _tick(self, paths: Paths) -> Outcome:
        before = self._snapshot
        if before is not None and self._is_current(before):
            return Outcome(before, Changes(), None)
        options = RefreshOptions(patience=PATIENCE)
        report = refresh(self.root, self.location, options, lambda step: None, self._migrate)
        after = self._snapshot = self._open()
        if after is None:
            raise WorkFailed(f"the index in {self.location.folder} was deleted as soon as it was made")
        return Outcome(after, changes(before.head if before else None, after.head), report)

    def _is_current(self, snapshot: Snapshot) -> bool:
        """Whether the index on disk is the given one, and of the files as they are."""
        head = read_head(self.location.head)
        return head is not None and head.image == snapshot.head.image and is_fresh(self.root, self.location)

    def _open(self) -> Snapshot | None:
        return load_state(self.location)
