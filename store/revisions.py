"""What the working tree has changed since a revision, from git."""

from __future__ import annotations

from pathlib import Path

from isg.graph.errors import NotFound, WorkFailed
from isg.store.history.git import GitFailed, answer, unfiltered

_DIFF = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--relative", "-M", "--unified=3")
_PREFIXES = ("--src-prefix=a/", "--dst-prefix=b/")


def patch_since(root: Path, revision: str) -> str:
    """The patch from a revision (or of a range ``A..B``) to the tracked files below ``root``.

    Paths are relative to ``root``. Raises WorkFailed where there is no git repository, and NotFound where it
    has no such revision.
    """
    try:
        settings = unfiltered(root)
    except GitFailed as error:
        raise WorkFailed(
            f"no git repository at {root}", hint="--diff - reads a patch from standard input"
        ) from error
    try:
        if revision.startswith("-"):
            raise GitFailed("an option is no revision")
        found = answer(root, *_DIFF, *_PREFIXES, revision, "--", ".", settings=settings)
    except GitFailed as error:
        raise NotFound(f"git knows no revision {revision!r}", code="bad-revision") from error
    return found.decode("utf-8", "surrogateescape")
