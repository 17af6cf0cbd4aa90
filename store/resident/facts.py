"""The facts of every file of a project, at hand without the record."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial

from isg.parsers.facts import FileFacts, Reference, decode, decode_definitions, decode_references

_DECODED = 500  # files whose definitions are kept decoded: those that were used last


class FactsInMemory:
    """Facts by path; encoded, but for those of files that were edited or asked for of late."""

    def __init__(self, encoded: Mapping[str, bytes]) -> None:
        self._encoded = encoded
        self._decoded: OrderedDict[str, FileFacts] = OrderedDict()
        self._edited: dict[str, FileFacts] = {}

    def definitions(self, path: str) -> FileFacts:
        """What a file defines; its references may be left out."""
        edited = self._edited.get(path)
        if edited is not None:
            return edited
        found = self._decoded.pop(path, None) or decode_definitions(self._encoded[path])
        self._decoded[path] = found
        if len(self._decoded) > _DECODED:
            self._decoded.popitem(last=False)
        return found

    def references(self, path: str) -> tuple[Reference, ...]:
        edited = self._edited.get(path)
        return decode_references(self._encoded[path]) if edited is None else edited.references

    def standing(self, path: str) -> Callable[[], FileFacts]:
        """How to read all facts of a file as they are now, also after it was given others."""
        edited = self._edited.get(path)
        return partial(decode, self._encoded[path]) if edited is None else lambda: edited

    def put(self, path: str, facts: FileFacts) -> None:
        """Take other facts for a file."""
        self._edited[path] = facts
        self._decoded.pop(path, None)
