"""What an engine has to be able to do to be compared."""

from __future__ import annotations

import importlib.util
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar, Protocol

from .patterns import Piece
from .workload import Change, Workload


def nothing() -> None:
    """What happens in the middle of an update, if nothing else shall."""


class Session(Protocol):
    """An open store: the four patterns, and the update of one file."""

    def implementers(self, symbol: int) -> list[str]: ...

    def dependents(self, symbol: int, depth: int) -> list[str]: ...

    def cycles(self) -> list[list[int]]: ...

    def context(self, symbol: int) -> list[Piece]: ...

    def replace(self, change: Change, midway: Callable[[], None] = nothing) -> None:
        """Make a change so that every reader sees all of it or nothing; ``midway`` runs in its middle."""
        ...

    def beside(self) -> Session:
        """Another session of this process, for another thread."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Engine(ABC):
    """A way to store a graph in a folder. Values of it go from process to process."""

    folder: Path

    name: ClassVar[str]
    distributions: ClassVar[tuple[str, ...]] = ()  # what pip has to install for it
    modules: ClassVar[tuple[str, ...]] = ()
    shared: ClassVar[bool] = True  # other processes may read while one writes

    def missing(self) -> str | None:
        """What has to be installed before this engine can be measured; None where all is there."""
        if all(importlib.util.find_spec(module) for module in self.modules):
            return None
        return f"pip install {' '.join(self.distributions)}"

    def versions(self) -> str:
        """What was measured."""
        return ", ".join(f"{module} {version(module)}" for module in self.modules)

    @abstractmethod
    def load(self, workload: Workload) -> None:
        """Store a graph from nothing."""

    @abstractmethod
    def open(self) -> Session:
        """Open what was stored."""

    def start(self) -> None:
        """Start the server, where there is one."""

    def stop(self) -> None:
        """Stop the server, where there is one."""

    def kill(self) -> None:
        """End the server as a crash would."""

    def server(self) -> int | None:
        """The process that serves, where there is one."""
        return None
