"""What the files of a project looked up in each other, as it is kept between runs: for each file by itself.

A change reads and writes what is kept of the files that have to do with it, not what is kept of all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeAlias

import msgspec

Question: TypeAlias = tuple[str, ...]
"""What was looked up; its second part is the path of the file that was asked."""


AskedRow: TypeAlias = tuple[Question, bytes, list[int]]
"""A question that a file was asked, the digest of its answer, and who rests on that."""


class ForeignMemory(Exception):
    """What is kept of a file is not what was left for the next run."""


class FileMemory(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of one file.

    ``name`` is what the keys of its symbols rest on; None for what is no file of the project, but was asked.
    ``found`` holds the paths that its imports found, and ``asks`` the files that it looked anything up in.
    ``asked`` are the questions that others asked it, with digests of the answers and who rests on them, as
    indexes into ``askers``.
    """

    path: str
    name: str | None
    found: dict[str, str]
    asks: list[str]
    askers: list[str]
    asked: list[AskedRow]

    def encode(self) -> bytes:
        return _encode(self)

    @classmethod
    def decode(cls, data: bytes) -> FileMemory:
        """The inverse of encode; raises ForeignMemory for foreign bytes."""
        try:
            return _decode(data)
        except msgspec.DecodeError as error:
            raise ForeignMemory(str(error)) from error


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(FileMemory).decode


class Kept(Protocol):
    """What was kept of all files, encoded, by path."""

    def get(self, path: str, /) -> bytes | None: ...

    def values(self) -> Iterable[bytes]: ...


class Noted(msgspec.Struct, frozen=True, array_like=True):
    """What some files looked up as they were linked, and the answers they rest on.

    ``questions`` is a table; ``consulted`` holds indexes into it by file; ``answers`` a digest for each
    question, ``found`` for each file the paths that its imports found, and ``names`` what the keys of the
    symbols of each file rest on.
    """

    questions: list[Question] = []
    answers: list[bytes] = []
    consulted: dict[str, list[int]] = {}
    found: dict[str, dict[str, str]] = {}
    names: dict[str, str] = {}


class Merged:
    """What all files of a project looked up, put together of what is noted of some at a time."""

    def __init__(self) -> None:
        self._answers: dict[Question, bytes] = {}
        self._askers: dict[Question, list[str]] = {}  # one may come again
        self._found: dict[str, dict[str, str]] = {}
        self._names: dict[str, str] = {}

    def add(self, noted: Noted) -> None:
        here = []
        for question, answer in zip(noted.questions, noted.answers, strict=True):
            self._answers.setdefault(question, answer)
            here.append(self._askers.setdefault(question, []))
        for path, indexes in noted.consulted.items():
            for index in indexes:
                here[index].append(path)
        for path, places in noted.found.items():
            self._found.setdefault(path, {}).update(places)
        self._names.update(noted.names)

    def kept(self) -> dict[str, bytes]:
        """What to keep of each file, encoded."""
        asked: dict[str, list[Question]] = {}
        asks: dict[str, set[str]] = {}
        for question, askers in self._askers.items():
            asked.setdefault(question[1], []).append(question)
            for path in askers:
                asks.setdefault(path, set()).add(question[1])
        paths = sorted({*self._names, *asked})
        return {
            path: memory_of(
                path,
                self._names.get(path),
                self._found.get(path, {}),
                asks.get(path, ()),
                [
                    (question, self._answers[question], self._askers[question])
                    for question in asked.get(path, ())
                ],
            ).encode()
            for path in paths
        }


def memory_of(
    path: str,
    name: str | None,
    found: dict[str, str],
    asks: Iterable[str],
    asked: Iterable[tuple[Question, bytes, Iterable[str]]],
) -> FileMemory:
    """What to keep of a file that others asked these questions, in an order that says nothing of the past."""
    table: dict[str, int] = {}
    rows = [
        (question, answer, [table.setdefault(asker, len(table)) for asker in sorted(set(askers))])
        for question, answer, askers in sorted(asked, key=_question)
    ]
    return FileMemory(path, name, dict(sorted(found.items())), sorted(asks), list(table), rows)


def _question(row: tuple[Question, bytes, Iterable[str]]) -> Question:
    return row[0]
