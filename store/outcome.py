"""What an update comes to when all rows are written: the transaction is to be ended, the image to be made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import msgspec

from isg.graph.packing import Meta
from isg.store.aside import Aside
from isg.store.contents import Contents
from isg.store.imaging import Imaged, Imaging
from isg.store.report import FileCounts, IndexDiagnostic, Summary


class Outcome(msgspec.Struct, frozen=True):
    """What became of an update whose transaction is open still."""

    counts: FileCounts
    mark: bytes
    """What the record bears from now on, and its head."""
    hashes: Mapping[str, bytes]
    skips: Mapping[str, str]
    linked: int
    diagnostics: tuple[IndexDiagnostic, ...]
    imaging: Imaging
    contents: Contents
    patch: Aside[Imaged] | None
    """The image, made of that of before; raises CannotPatch. None: it is to be made of the contents."""

    @property
    def bare(self) -> bool:
        """Whether the record wants its indexes: all its rows are new, and at hand besides."""
        return self.contents.at_hand

    def summary(self, meta: Meta) -> Summary:
        languages = Counter(file.language for file in self.imaging.files)
        return Summary(
            project=self.imaging.project,
            symbols=meta.symbols,
            edges=meta.by_kind,
            confidence=meta.by_confidence,
            languages=dict(sorted(languages.items())),
            diagnostics=self.diagnostics,
        )
