"""One run that brings an index up to date: what it is given, how the tree is looked at, what it reports."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from isg.store.ahead import Ahead
from isg.store.aside import Aside
from isg.store.freshness import usable
from isg.store.head import ImageStamp, read_head
from isg.store.image import map_image
from isg.store.linking import Linking
from isg.store.location import StoreLocation
from isg.store.report import FileCounts, IndexReport, Progress, RefreshOptions, Seconds, Summary
from isg.store.scan import Scan, Sight, look_at, scanned, wanted_options

if TYPE_CHECKING:
    from isg.store.database import Migrate

Tell = Callable[[Progress], None]
NO_SKIPS: Mapping[str, str] = {}
_MANY = 500  # files that take longer to look at than another process takes to start


def _import_for_updates(languages: Mapping[str, int]) -> None:
    """What an update of a project of so many files by language will import; lost where none has changed."""
    import isg.graph.linking.update
    import isg.parsers.buildfiles
    import isg.store.rewrite  # noqa: F401
    from isg.graph.semantics.registry import SEMANTICS
    from isg.parsers.languages import FAMILIES
    from isg.parsers.parse import reader

    first = max(languages, key=lambda language: languages[language], default=None)
    if first is not None:
        SEMANTICS[FAMILIES[first]]()
        reader(first)


class Clock(msgspec.Struct):
    """Seconds by stage."""

    spent: dict[str, float] = msgspec.field(default_factory=dict)

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.spent[stage] = self.spent.get(stage, 0.0) + time.perf_counter() - start

    def seconds(self) -> Seconds:
        return msgspec.convert({stage: round(spent, 4) for stage, spent in self.spent.items()}, Seconds)


class Job:
    """One run over one tree."""

    def __init__(
        self,
        root: Path,
        location: StoreLocation,
        options: RefreshOptions,
        progress: Tell,
        migrate: Migrate,
        linking: Linking,
    ) -> None:
        self.root = root
        self.location = location
        self.options = options
        self.progress = progress
        self.migrate = migrate
        self.linking = linking
        self.clock = Clock()
        self.warnings: list[str] = []
        self._mapping: tuple[ImageStamp, Ahead[memoryview]] | None = None

    def look(self) -> Scan:
        """The tree as it is now, compared with the index."""
        self.progress(Progress("discover"))
        with self.clock("discover"):
            head = read_head(self.location.head)
            known = head if usable(head, self.root) else None
            wanted = wanted_options(head, self.options.discovery)
            many = known is not None and len(known.files) >= _MANY
            seeing = Aside(partial(look_at, self.root, known, wanted), Sight, worth=many)
            if known is not None and not self.options.full:
                self._mapping = known.image, Ahead(partial(map_image, self.location.folder, known.image))
            if known is not None and seeing.running:
                _import_for_updates(known.summary.languages)
            return scanned(self.root, known, wanted, seeing.result())

    def image(self, stamp: ImageStamp) -> memoryview:
        """The image of a stamp, which was mapped while the tree was looked at; raises DamagedImage."""
        if self._mapping is None:
            return map_image(self.location.folder, stamp)
        mapped, mapping = self._mapping
        body = mapping.result()
        return body if mapped == stamp else map_image(self.location.folder, stamp)

    def report(
        self,
        found: Scan,
        counts: FileCounts,
        summary: Summary,
        state: str,
        skips: Mapping[str, str] = NO_SKIPS,
        linked: int = 0,
    ) -> IndexReport:
        """What was done; ``skips`` are files that turned out to be unfit when read."""
        skipped = [(skip.path, str(skip.reason)) for skip in found.discovery.skipped]
        silent = [each.path for each in summary.diagnostics if each.code in ("no-symbols", "not-parsed")]
        if silent:
            first = ", ".join(silent[:3]) + (f" and {len(silent) - 3:,} more" if len(silent) > 3 else "")
            self.warnings.append(f"nothing could be understood of {first}")
        return IndexReport(
            files=counts,
            symbols=summary.symbols,
            edges=summary.edges,
            confidence=summary.confidence,
            languages=summary.languages,
            seconds=self.clock.seconds(),
            diagnostics=summary.diagnostics,
            skipped=tuple(sorted([*skipped, *skips.items()])),
            warnings=tuple(self.warnings),
            project=summary.project,
            state=state,
            linked=linked,
        )
