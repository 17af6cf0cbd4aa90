"""The standard library of a language, as stubs that we wrote: each is parsed when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from importlib import resources
from importlib.resources.abc import Traversable

from isg.parsers.facts import FileFacts
from isg.parsers.parse import parse

_EXTENSION = ".stub"


class Library:
    """The stubs of one language, by name; they stand in a package of ours."""

    def __init__(self, language: str, package: str) -> None:
        self._language = language
        self._package = package
        self._parsed: dict[str, FileFacts] = {}

    @cached_property
    def _folder(self) -> Traversable:
        return resources.files(self._package)

    @cached_property
    def _names(self) -> frozenset[str]:
        """Names are looked up here, never on the disk: a source may ask for any text, and for paths."""
        files = (file.name for file in self._folder.iterdir())
        return frozenset(name.removesuffix(_EXTENSION) for name in files if name.endswith(_EXTENSION))

    def facts(self, name: str) -> FileFacts | None:
        """The facts of a stub; None where there is none of that name."""
        if name not in self._names:
            return None
        found = self._parsed.get(name)
        if found is None:
            source = (self._folder / f"{name}{_EXTENSION}").read_bytes()
            found = self._parsed[name] = parse(self._language, source)
        return found
