"""A project held in memory: one writer takes changes in ticks, readers never wait for it.

What a reader works with is a :class:`Snapshot`. It never changes; an update publishes another one, and
whoever still holds the old one goes on with it.

An edit of known files is linked in memory (:mod:`.live`), so that the answer comes before the commit; the
index on disk is brought up to date afterwards. Everything else goes by way of the index.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from isg.graph.change import CannotOverlay
from isg.graph.errors import IsgError, WorkFailed
from isg.store.collecting import set_apart
from isg.store.freshness import Difference, usable
from isg.store.head import read_head
from isg.store.location import StoreLocation
from isg.store.lock import now_at
from isg.store.refresh import refresh
from isg.store.report import RefreshOptions
from isg.store.resident.changes import Changes, changes
from isg.store.resident.live import CannotAdvance, Live
from isg.store.resident.lookout import Lookout
from isg.store.resident.ticks import Paths, Ticks
from isg.store.snapshot import Snapshot, load_state

if TYPE_CHECKING:
    from isg.store.database import Migrate

PATIENCE = 2.0  # seconds that a tick waits for another process that is indexing
_MOST_EDITS = 20  # files beyond which the way by the index is the quicker one
_MOST_AHEAD = 1_000  # ticks without a pause to write them in; each leaves something in memory


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tick came to; ``linked`` counts the files whose relations were worked out again."""

    snapshot: Snapshot
    changes: Changes
    linked: int = 0


class Resident:
    """A project in memory, as fresh as it was last asked to be."""

    def __init__(
        self,
        root: Path,
        location: StoreLocation,
        migrate: Migrate,
        record: Callable[[], None] | None = None,
        live: bool = True,
    ) -> None:
        """``record`` brings the index on disk up to date in a process of its own; raises an IsgError.

        With it, ``live`` says that edits are answered before they are recorded.
        """
        self.root = root
        self.location = location
        self._migrate = migrate
        self._record = record
        self._answers_first = live and record is not None
        self._lookout = Lookout(root, lambda: now_at(location))
        self._live: Live | None = None
        self._disk: tuple[int, int] | None = None  # by what stat says, the head that we know
        self._recorded = True
        self._ahead = 0  # ticks that were linked on top of the last index
        self._snapshot: Snapshot | None = None
        self._open()
        self._recording = Lock()
        self._ticks = Ticks(self._tick)

    @property
    def snapshot(self) -> Snapshot | None:
        """The newest state; None as long as there is none."""
        return self._snapshot

    @property
    def unread(self) -> Mapping[str, int] | None:
        """How many files of languages that isg does not read there are; None where nobody has looked yet."""
        return self._lookout.unread

    @property
    def recorded(self) -> bool:
        """Whether the index on disk is of the newest state."""
        return self._recorded

    def refresh(self, paths: AbstractSet[str] | None = None) -> Outcome:
        """Take in what has changed up to this call, and give the state after it.

        ``paths`` (relative to the root, with ``/``) are where something may have changed; None looks at the
        whole tree. Raises what bringing an index up to date raises; the state is then what it was.
        """
        return self._ticks.request(None if paths is None else frozenset(paths)).result()

    def settle(self) -> Snapshot:
        """The newest state, after an attempt to have the index on disk be of it: before rows are read."""
        if self._snapshot is None:
            return self.refresh().snapshot
        with self._recording:  # whoever waited for another one finds that nothing is left to do
            if self._recorded or self._record is None:
                return self._snapshot
            if self._recorded_elsewhere():
                return self._ticks.call(self._newest).result()
            return self._ticks.call(lambda: self._by_the_index(self._snapshot)).result().snapshot

    def warm_up(self) -> None:
        """Load what an edit needs, in the writer's time, so that the next one does not wait for it."""
        if self._answers_first and self._live is None and self._recorded:
            self._ticks.call(lambda: self._load_live().keep_texts())

    def close(self) -> None:
        """End the writer; what was asked of it is done first, but for what takes very long."""
        self._ticks.close()

    # the writer's

    def _tick(self, paths: Paths) -> Outcome:
        before = self._snapshot
        if before is None or not self._follows_the_index(before):
            return self._by_the_index(before, large=True)
        before = self._snapshot or before
        try:
            seen = self._lookout.look_at(paths, before.head) if paths is not None else None
            if seen is None:
                seen = self._lookout.look(before.head)
        except OSError:
            return self._by_the_index(before)  # which says what is wrong with the tree
        if seen.fresh:
            return Outcome(before, Changes())
        count = len(seen.changed) + len(seen.removed)
        return self._advanced(before, seen) or self._by_the_index(before, count > _MOST_EDITS)

    def _follows_the_index(self, known: Snapshot) -> bool:
        """Take over what another process made of the index; False where there is none of use any more."""
        disk = _identity(self.location.head)
        if disk == self._disk:
            return disk is not None
        head = read_head(self.location.head)
        if head is None or not usable(head, self.root):
            return False
        self._disk, self._recorded = disk, False
        if head.state == known.head.state:
            self._take(load_state(self.location), head.state)
        return True

    def _take(self, found: Snapshot | None, state: str) -> None:
        """Go on with the state that we have, from the index that it has got meanwhile."""
        if found is not None and found.head.state == state:
            self._snapshot, self._recorded, self._ahead = found, True, 0
            if self._live is not None:
                self._live.rebase(found)

    def _newest(self) -> Snapshot:
        known = self._snapshot
        if known is None or not self._follows_the_index(known) or self._snapshot is None:
            return self._by_the_index(known).snapshot
        return self._snapshot

    def _advanced(self, before: Snapshot, seen: Difference) -> Outcome | None:
        """The outcome of an edit, linked in memory; None where that has to go by way of the index."""
        paths, known = seen.changed, before.head.files
        small = len(paths) <= _MOST_EDITS and all(path in known for path in paths)
        if not self._answers_first or not small or seen.removed or seen.build:
            return None
        if self._ahead >= _MOST_AHEAD:
            return None
        try:
            live = self._live or self._load_live()
            after = live.advance(self._lookout.files(paths))
        except (CannotAdvance, CannotOverlay, IsgError, OSError):
            self._live = None
            return None
        self._snapshot, self._recorded = after, False
        self._ahead += 1
        return Outcome(after, Changes(modified=tuple(sorted(paths))), len(paths))

    def _load_live(self) -> Live:
        """Raises CannotAdvance, or IsgError where the record is not that of the newest state."""
        if self._snapshot is None or not self._recorded:
            raise CannotAdvance("the record is behind")
        self._live = Live.load(self.root, self.location, self._snapshot)
        set_apart()
        return self._live

    def _by_the_index(self, before: Snapshot | None, large: bool = False) -> Outcome:
        """The outcome of a change that is written first; a ``large`` one elsewhere, by all processors."""
        linked = 0 if large and self._recorded_elsewhere() else self._refresh()
        after = self._open()
        if after is None:
            raise WorkFailed(f"the index in {self.location.folder} was deleted as soon as it was made")
        return Outcome(after, changes(before.head if before is not None else None, after.head), linked)

    def _recorded_elsewhere(self) -> bool:
        if self._record is None:
            return False
        try:
            self._record()
        except IsgError:
            return False  # what is wrong is found out here
        return True

    def _refresh(self) -> int:
        """One process: to start others from among threads is slow, and means to import the program again."""
        options = RefreshOptions(patience=PATIENCE, jobs=1)
        return refresh(self.root, self.location, options, lambda step: None, self._migrate).linked

    def _open(self) -> Snapshot | None:
        """The state of the index as it is on disk."""
        self._disk, self._live, self._recorded = _identity(self.location.head), None, True
        self._ahead = 0
        self._snapshot = load_state(self.location)
        return self._snapshot


def _identity(file: Path) -> tuple[int, int] | None:
    """What differs when a file was replaced by another; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
