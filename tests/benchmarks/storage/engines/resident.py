"""The hybrid in a process that stays: an update is laid over the mapped graph, the image comes later."""

from __future__ import annotations

from collections.abc import Callable

from isg.graph.model import LinkedFile
from isg.graph.overlay import Overlay
from isg.graph.overlaying import change_of

from ..engine import nothing
from ..workload import Change
from .hybrid import Hybrid, HybridSession, patched, publish


class Resident(Hybrid):
    name = "hybrid, resident"
    shared = False

    def open(self) -> ResidentSession:
        return ResidentSession(self.folder)


class ResidentSession(HybridSession):
    """One graph for all threads. A reader keeps the one it has; nothing of it ever changes."""

    _overlay: Overlay | None = None
    _last: Change | None = None

    def _graph(self) -> Overlay:
        if self._overlay is None:
            self._overlay = Overlay(super()._graph())
        return self._overlay

    def replace(self, change: Change, midway: Callable[[], None] = nothing) -> None:
        self._write_record(change, midway)
        graph = self._graph()
        linked = LinkedFile(change.path, tuple(change.symbols), (), tuple(change.edges), (), ())
        files = [row for row in graph.files if row.path == change.path]
        self._overlay = graph.changed(change_of(graph, [linked], files, "", {}))
        self._last = change

    def beside(self) -> ResidentSession:
        return self

    def close(self) -> None:
        """The image is made when nobody waits."""
        if self._last is not None:
            publish(self._folder, patched(super()._graph(), self._last))
        super().close()
