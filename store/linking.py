"""The hole that linking fits in: what bringing an index up to date needs of it, and no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from isg.graph.linking.memory import Kept
    from isg.graph.linking.project import ProjectFiles
    from isg.graph.model import Edge, LinkedFile, Symbol
    from isg.store.rows import LinkedRows


class Linking(Protocol):
    """Turns the facts of files into symbols, edges and references."""

    def link_all(
        self, project: ProjectFiles
    ) -> tuple[Iterator[LinkedFile | LinkedRows], Callable[[], dict[str, bytes]]]:
        """Every file; then, once all are consumed, what to keep of each for the next time, by path."""

    def relink(
        self, project: ProjectFiles, kept: Kept, changed: AbstractSet[str], removed: AbstractSet[str]
    ) -> tuple[tuple[LinkedFile, ...], Callable[[], dict[str, bytes | None]]]:
        """The files whose relations may have changed; then what to keep otherwise. Raise ForeignMemory."""

    def whole_project_edges(self, symbols: Iterable[Symbol], edges: Iterable[Edge]) -> tuple[Edge, ...]:
        """Edges that only the project as a whole can tell."""


class ProjectLinking:
    """The linking of :mod:`isg.graph.linking`, imported at first use."""

    def __init__(self, jobs: int | None = None) -> None:
        self._jobs = jobs

    def link_all(
        self, project: ProjectFiles
    ) -> tuple[Iterator[LinkedFile | LinkedRows], Callable[[], dict[str, bytes]]]:
        from isg.store.forking import link_in_processes, workers_for

        workers = workers_for(self._jobs, sum(project.lines.values()))
        if workers:
            return link_in_processes(project, workers)
        from isg.graph.linking.update import link_all

        return link_all(project)

    def relink(
        self, project: ProjectFiles, kept: Kept, changed: AbstractSet[str], removed: AbstractSet[str]
    ) -> tuple[tuple[LinkedFile, ...], Callable[[], dict[str, bytes | None]]]:
        from isg.graph.linking.update import relink

        update = relink(project, kept, changed, removed)
        return update.linked, update.kept

    def whole_project_edges(self, symbols: Iterable[Symbol], edges: Iterable[Edge]) -> tuple[Edge, ...]:
        from isg.graph.linking.structural import whole_project_edges

        return whole_project_edges(symbols, edges)
