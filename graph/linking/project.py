"""What linking needs to be given: the files of a project, and their facts on demand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from isg.parsers.facts import FileFacts, Reference


@dataclass(frozen=True, slots=True)
class ProjectFiles:
    """The source files of one project.

    ``package`` is the declared distribution name, else the root folder's name. ``languages`` gives the
    language of every source file by its path. ``roots`` are the declared source roots (``src``), relative
    paths. ``facts`` loads the facts of a path, ``references`` their references where the facts come without
    them; the linker keeps what others need, and may ask again for the rest. ``prepare`` is called before
    this process is forked: from then on, loading must not need what a child cannot share.
    """

    package: str
    languages: Mapping[str, str]
    roots: tuple[str, ...]
    facts: Callable[[str], FileFacts]
    references: Callable[[str], tuple[Reference, ...]] | None = None
    prepare: Callable[[], None] | None = None
    packages: tuple[tuple[str, str], ...] = ()  # packages declared to lie in a folder of another name
