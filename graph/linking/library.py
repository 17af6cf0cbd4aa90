"""The standard library of a language, as stubs that we wrote: each is read when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

from isg.parsers.facts import FileFacts

_EXTENSION = ".stub"
ReadStub: TypeAlias = Callable[[str, bytes], FileFacts]
"""How the facts of a stub are had of its language and content."""


class Library:
    """The stubs of one language, by name; they stand in a package of ours."""

    def __init__(self, language: str, package: str) -> None:
        self._language = language
        self._package = package
        self._parsed: dict[str, FileFacts] = {}

    @cached_property
    def _folder(self) -> Path:
        (folder,) = import_module(self._package).__path__  # importlib.resources takes 20 ms to import
        return Path(folder)

    @cached_property
    def _names(self) -> frozenset[str]:
        """Names are looked up here, never on the disk: a source may ask for any text, and for paths."""
        files = (file.name for file in self._folder.iterdir())
        return frozenset(name.removesuffix(_EXTENSION) for name in files if name.endswith(_EXTENSION))

    def facts(self, name: str, read: ReadStub) -> FileFacts | None:
        """The facts of a stub, as read from its content; None where there is none of that name."""
        if name not in self._names:
            return None
        found = self._parsed.get(name)
        if found is None:
            source = (self._folder / f"{name}{_EXTENSION}").read_bytes()
            found = self._parsed[name] = read(self._language, source)
        return found
