"""The hole that linking fits in: what bringing an index up to date needs of it, and no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Protocol

import msgspec

from isg.graph.linking.project import ProjectFiles
from isg.graph.model import Edge, LinkedFile, Symbol
from isg.store.rows import LinkedRows


class BadMemory(Exception):
    """What a linking left cannot be read by this one."""


class Linking(Protocol):
    """Turns the facts of files into symbols, edges and references."""

    def link_all(
        self, project: ProjectFiles
    ) -> tuple[Iterator[LinkedFile | LinkedRows], Callable[[], bytes]]:
        """Every file, in order of path; then, once all are consumed, the memory for the next time."""

    def relink(
        self, project: ProjectFiles, memory: bytes, changed: AbstractSet[str], removed: AbstractSet[str]
    ) -> tuple[tuple[LinkedFile, ...], bytes]:
        """The files whose relations may have changed, and the new memory; raises BadMemory."""

    def whole_project_edges(self, symbols: Iterable[Symbol], edges: Iterable[Edge]) -> tuple[Edge, ...]:
        """Edges that only the project as a whole can tell."""


class ProjectLinking:
    """The linking of :mod:`isg.graph.linking`, imported at first use."""

    def __init__(self, jobs: int | None = None) -> None:
        self._jobs = jobs

    def link_all(
        self, project: ProjectFiles
    ) -> tuple[Iterator[LinkedFile | LinkedRows], Callable[[], bytes]]:
        from isg.store.forking import link_in_processes, workers_for

        workers = workers_for(self._jobs, sum(project.lines.values()))
        if workers:
            return link_in_processes(project, workers)
        from isg.graph.linking.update import link_all

        linked, memory = link_all(project)
        return linked, lambda: memory().encode()

    def relink(
        self, project: ProjectFiles, memory: bytes, changed: AbstractSet[str], removed: AbstractSet[str]
    ) -> tuple[tuple[LinkedFile, ...], bytes]:
        from isg.graph.linking.lookups import Memory
        from isg.graph.linking.update import relink

        try:
            known = Memory.decode(memory)
        except msgspec.DecodeError as error:
            raise BadMemory from error
        update = relink(project, known, changed, removed)
        return update.linked, update.memory.encode()

    def whole_project_edges(self, symbols: Iterable[Symbol], edges: Iterable[Edge]) -> tuple[Edge, ...]:
        from isg.graph.linking.structural import whole_project_edges

        return whole_project_edges(symbols, edges)
