"""What linking needs to be given: the files of a project, and their facts on demand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import Any, TypeVar, cast

import msgspec

from isg.graph.linking.library import ReadStub
from isg.parsers.buildfacts import BuildFacts
from isg.parsers.facts import FileFacts, Reference
from isg.parsers.languages import FAMILIES
from isg.parsers.parse import parse

L = TypeVar("L")


class ProjectFiles(msgspec.Struct, frozen=True, dict=True):
    """The source files of one project.

    ``build`` is what the build files say of these files; its name stands for the project. ``languages`` gives
    the language of every source file by its path, ``lines`` how long each is, where that is known. ``facts``
    loads the facts of a path, ``references`` their references where the facts come without them; the linker
    keeps what others need, and may ask again for the rest. ``prepare`` is called before this process is
    forked: from then on, loading must not need what a child cannot share. ``layouts`` is what :meth:`layout`
    made for a state of the project with the same files and the same build. ``library`` gives the facts of
    a stub of the standard library, by language and content. ``augmenting`` are the files whose facts say so,
    where that is known without loading them.
    """

    build: BuildFacts
    languages: Mapping[str, str]
    facts: Callable[[str], FileFacts]
    references: Callable[[str], tuple[Reference, ...]] | None = None
    prepare: Callable[[], None] | None = None
    lines: Mapping[str, int] = msgspec.field(default_factory=dict)
    layouts: dict[str, Any] = msgspec.field(default_factory=dict)
    library: ReadStub = parse
    augmenting: Collection[str] | None = None

    @property
    def package(self) -> str:
        """The package that the symbols of the project belong to."""
        return self.build.name

    @cached_property
    def families(self) -> dict[str, tuple[str, ...]]:
        """The paths of each family of languages, in order."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.languages):
            found.setdefault(FAMILIES[self.languages[path]], []).append(path)
        return {family: tuple(paths) for family, paths in found.items()}

    @cached_property
    def augmenters(self) -> tuple[str, ...]:
        """The files that declare, from inside, names of all files or of other modules; in order."""
        known = self.augmenting
        if known is None:
            known = [path for path in self.languages if self.facts(path).augments]
        return tuple(sorted(known))

    def layout(self, family: str, lay_out: Callable[[], L]) -> L:
        """How the files of a family are named and found, which only their paths and the build decide."""
        if family not in self.layouts:
            self.layouts[family] = lay_out()
        return cast("L", self.layouts[family])
