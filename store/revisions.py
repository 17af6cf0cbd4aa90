"""What the working tree has changed since a revision, from git."""

from __future__ import annotations

from pathlib import Path

from isg.graph.errors import NotFound, WorkFailed
from isg.store.history import git

_DIFF = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--relative", "-M", "--unified=3")
_PREFIXES = ("--src-prefix=a/", "--dst-prefix=b/")


def patch_since(root: Path, revision: str) -> str:
    """The patch from a revision (or of a range ``A..B``) to the tracked files below ``root``.

    Paths are relative to ``root``. Raises WorkFailed where there is no git repository, and NotFound where it
    has no such revision.
    """
    if git(root, "rev-parse", "--git-dir") is None:
        raise WorkFailed(f"no git repository at {root}", hint="--diff - reads a patch from standard input")
    known = None if revision.startswith("-") else git(root, *_DIFF, *_PREFIXES, revision, "--", ".")
    if known is None:
        raise NotFound(f"git knows no revision {revision!r}", code="bad-revision")
    return known.decode("utf-8", "surrogateescape")
