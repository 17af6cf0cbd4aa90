"""How indexed files differ from the newest commit, without git looking at the working tree.

Git would run whatever filters the repository configures; and what counts is the content that was indexed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from hashlib import sha1, sha256
from pathlib import Path

from isg.parsers.hashing import content_hash
from isg.store.history.git import GitFailed, answer, streamed
from isg.store.history.log import Hunk

_SHA1_DIGITS = 40


def committed_blobs(root: Path, commit: str) -> Mapping[str, str]:
    """The blob of each file below the root in a commit, by path; raises GitFailed."""
    found: dict[str, str] = {}
    for row in answer(root, "ls-tree", "-r", "-z", commit).split(b"\0"):
        about, _, path = row.partition(b"\t")
        if path:
            found[path.decode("utf-8", "surrogateescape")] = about.split()[2].decode("ascii")
    return found


def local_hunks(
    root: Path, committed: Mapping[str, str], contents: Mapping[str, bytes], blobs: dict[bytes, str]
) -> Mapping[str, tuple[Hunk, ...]]:
    """The hunks from the committed to the indexed content of each file that has both and differs.

    ``contents`` has the hash of each indexed file; ``blobs`` is what is known of those, and grows.
    """
    digits = len(next(iter(committed.values()), "")) or _SHA1_DIGITS
    differing: dict[str, bytes] = {}
    for path, content in contents.items():
        if path not in committed or blobs.get(content) == committed[path]:
            continue
        data = _read(root / path, content)
        if data is not None:
            blobs[content] = _blob(data, digits)
            if blobs[content] != committed[path]:
                differing[path] = data
    old = _contents(root, sorted({committed[path] for path in differing}))
    return {
        path: tuple(_hunks(_lines(old[committed[path]]), _lines(data)))
        for path, data in differing.items()
        if committed[path] in old
    }


def _read(path: Path, content: bytes) -> bytes | None:
    """A file, if it still is what was indexed."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data if content_hash(data) == content else None


def _blob(data: bytes, digits: int) -> str:
    """The name that git gives to a content."""
    algorithm = sha1 if digits == _SHA1_DIGITS else sha256
    return algorithm(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _contents(root: Path, blobs: Sequence[str]) -> Mapping[str, bytes]:
    """What blobs hold, as far as git has them."""
    found: dict[str, bytes] = {}
    if not blobs:
        return found
    try:
        with streamed(root, "\n".join((*blobs, "")).encode("ascii"), "cat-file", "--batch") as out:
            for blob in blobs:
                about = out.readline().split()
                if len(about) == 3:  # else it is missing
                    found[blob] = out.read(int(about[2]) + 1)[:-1]
    except GitFailed:
        return {}
    return found


def _lines(data: bytes) -> list[bytes]:
    return [line.rstrip(b"\r") for line in data.split(b"\n")]


def _hunks(old: Sequence[bytes], new: Sequence[bytes]) -> Iterator[Hunk]:
    """The hunks between two texts; nobody committed them, so they do not count."""
    same = _common(old, new)
    rest = _common(old[same:][::-1], new[same:][::-1])
    changed = SequenceMatcher(None, old[same : len(old) - rest], new[same : len(new) - rest])
    for kind, old_from, old_to, new_from, new_to in changed.get_opcodes():
        if kind != "equal":
            removed, added = old_to - old_from, new_to - new_from
            yield Hunk(
                same + old_from + (removed > 0), removed, same + new_from + (added > 0), added, counts=False
            )


def _common(one: Sequence[bytes], other: Sequence[bytes]) -> int:
    """How many lines both begin with."""
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count
