"""What linking needs to be given: the files of a project, and their facts on demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from isg.parsers.facts import FileFacts


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """The source files of one project.

    ``package`` is the declared distribution name, else the root folder's name. ``languages`` gives the
    language of every source file by its path. ``roots`` are the declared source roots (``src``), relative
    paths. ``facts`` loads the facts of a path; the linker asks once for each and keeps what it needs.
    """

    package: str
    languages: Mapping[str, str]
    roots: tuple[str, ...]
    facts: Callable[[str], FileFacts]
    packages: tuple[tuple[str, str], ...] = ()  # packages declared to lie in a folder of another name
