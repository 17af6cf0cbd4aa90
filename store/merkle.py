"""One hash over all that a record says of a tree, for comparing what two machines have indexed.

A Merkle tree (Merkle 1987) of the shape of the folders, as git's trees are: a file's hash is over its content
and what was found in it, a folder's over the names and hashes of what it holds. Leaves and folders are hashed
under different prefixes, so that neither can pass for the other (RFC 6962, 2.1). Symbols go by their keys:
neither ids nor the order of rows nor anything of the machine has a say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
from blake3 import blake3
from sqlalchemy import Connection, Table, select

from isg.store.contents import sound
from isg.store.dialect import plain_rows
from isg.store.tables import edges, file_versions, files, imports, references, symbols

_FILE, _FOLDER = b"\0", b"\1"
_OUTSIDE = ""  # stands for the symbols that no file owns: no file has this name
_Said = Mapping["int | None", bytes]
_encode = msgspec.msgpack.Encoder().encode
_STATED = (symbols, edges, references, imports)
_IDS = frozenset({"id", "source_id", "target_id", "parent_id"})
_PLACES = frozenset({"file_id", "ordinal"})  # where a row stands, not what it says


def file_hashes(connection: Connection) -> dict[str, bytes]:
    """The hash of each file and all that its rows say, by path; raises Damaged where rows make no sense."""
    with sound():
        keys = dict(plain_rows(connection, select(symbols.c.id, symbols.c.key)))
        said = [_said(connection, table, keys) for table in _STATED]
        found = {_OUTSIDE: _leaf(b"", "", None, said)}
        for id_, path, language, content in _contents(connection):
            found[path] = _leaf(content, language, id_, said)
    return found


def root_hash(leaves: Mapping[str, bytes]) -> str:
    """The hash of the whole tree, in hex, from those of its files."""
    return _folder_hash(_nested(leaves)).hex()


def _contents(connection: Connection) -> list[tuple[Any, ...]]:
    joined = files.join(file_versions, files.c.version_id == file_versions.c.id)
    columns = (files.c.id, files.c.path, files.c.language, file_versions.c.content_hash)
    return list(plain_rows(connection, select(*columns).select_from(joined)))


def _said(connection: Connection, table: Table, keys: Mapping[int, str]) -> dict[int | None, bytes]:
    """The hash of the rows that each file owns, in an order that is their own, by the id of the file."""
    owner = list(table.columns.keys()).index("file_id")
    said: dict[int | None, bytes] = {}
    stored = plain_rows(connection, select(table).order_by(table.c.file_id))
    for id_, owned in groupby(stored, key=itemgetter(owner)):
        said[id_] = blake3(b"".join(sorted(map(_without_ids(table, keys), owned)))).digest()
    return said


def _without_ids(table: Table, keys: Mapping[int, str]) -> Callable[[Sequence[Any]], bytes]:
    """Encodes rows of a table with keys in the place of ids, and nothing of where they stand."""
    names = list(table.columns.keys())
    ids = [place for place, name in enumerate(names) if name in _IDS]
    left_out = [place for place, name in enumerate(names) if name in _PLACES]

    def encoded(row: Sequence[Any]) -> bytes:
        values: list[object] = list(row)
        for place in ids:
            values[place] = keys.get(row[place])
        for place in left_out:
            values[place] = None
        return _encode(values)

    return encoded


def _leaf(content: bytes, language: str, owner: int | None, said: Iterable[_Said]) -> bytes:
    return blake3(_FILE + _encode((content, language, [of.get(owner) for of in said]))).digest()


_Folder = dict[str, "bytes | _Folder"]


def _nested(leaves: Mapping[str, bytes]) -> _Folder:
    """Folders in folders, from paths."""
    root: _Folder = {}
    for path, leaf in leaves.items():
        *parents, name = path.split("/")
        folder = root
        for parent in parents:
            inner = folder.setdefault(parent, {})
            assert isinstance(inner, dict), "no file is a folder"
            folder = inner
        folder[name] = leaf
    return root


def _folder_hash(folder: _Folder) -> bytes:
    hashes = {
        name: entry if isinstance(entry, bytes) else _folder_hash(entry) for name, entry in folder.items()
    }
    return blake3(_FOLDER + _encode(sorted(hashes.items()))).digest()
