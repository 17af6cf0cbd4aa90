"""The files of a tree that add to others from inside, known without loading facts that stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from isg.parsers.facts import FileFacts
from isg.store.contents import StoredFile
from isg.store.parsing import Version

_decoder = msgspec.msgpack.Decoder(tuple[str, ...])


def encode_augmenters(paths: tuple[str, ...]) -> bytes:
    return msgspec.msgpack.encode(paths)


def decode_augmenters(kept: bytes) -> tuple[str, ...]:
    """The inverse; raises msgspec.DecodeError."""
    return _decoder.decode(kept)


def augmenters_of(
    versions: Mapping[str, Version],
    stored: Mapping[str, StoredFile],
    kept: bytes | None,
    facts: Callable[[str], FileFacts],
) -> tuple[str, ...]:
    """Their paths, in order.

    ``kept`` is what an earlier run found of the ``stored`` files; None: nothing is known of these. The facts
    of a file are loaded where neither it nor parsing now says whether it is one.
    """
    known = frozenset(decode_augmenters(kept)) if kept is not None else frozenset[str]()
    found: list[str] = []
    for path, version in versions.items():
        augments = version.augments
        if augments is None and kept is not None and path in stored and stored[path].version == version.id:
            augments = path in known
        if facts(path).augments if augments is None else augments:
            found.append(path)
    return tuple(sorted(found))
