"""The trees that the benchmarks look at: published packages, by name, and several copies of a tree as one."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

DJANGO = "Django==5.2.*"  # about 490,000 lines
OF_10_000_LINES = "requests==2.32.*"
OF_100_000_LINES = "celery==5.6.*"
IGNORED = shutil.ignore_patterns(".isg", "__pycache__", ".git")


@contextlib.contextmanager
def published(requirement: str) -> Iterator[Path]:
    """The unpacked source distribution of a package, downloaded with pip."""
    with tempfile.TemporaryDirectory(prefix="isg-bench-") as folder:
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
        subprocess.run([*download, "--dest", folder, requirement], check=True, stderr=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tar.gz")
        with tarfile.open(archive) as packed:
            packed.extraction_filter = getattr(tarfile, "data_filter", None)  # from Python 3.11.4 on
            packed.extractall(folder)
        (tree,) = (each for each in Path(folder).iterdir() if each.is_dir())
        yield tree


@contextlib.contextmanager
def copy_of(tree: Path, name: str | None = None) -> Iterator[Path]:
    """A copy of a tree without an index, in a folder that goes away afterwards."""
    with tempfile.TemporaryDirectory(prefix="isg-bench-") as folder:
        copied = Path(folder) / (name or tree.resolve().name)
        shutil.copytree(tree, copied, symlinks=True, ignore=IGNORED)
        yield copied


@contextlib.contextmanager
def tree_of(given: Path | None, requirement: str) -> Iterator[Path]:
    """A copy of the given tree, else of the published package."""
    with contextlib.nullcontext(given) if given else published(requirement) as tree, copy_of(tree) as copied:
        yield copied


@contextlib.contextmanager
def repeated(tree: Path, times: int) -> Iterator[Path]:
    """A project of so many copies of a tree; each but the first has packages of other names.

    They share nothing but the standard library, so that twice the tree is twice the work.
    """
    files = [file.relative_to(tree) for file in sorted(tree.rglob("*.py")) if ".isg" not in file.parts]
    renamed = {file.parts[0] for file in files if len(file.parts) > 1} | set(
        map(_package, tree.rglob("__init__.py"))
    )
    named = re.compile(rf"\b({'|'.join(map(re.escape, sorted(renamed)))})\b")
    with tempfile.TemporaryDirectory(prefix="isg-bench-") as folder:
        whole = Path(folder) / f"{times}x"
        for turn in range(times):
            for file in (each for each in files if len(each.parts) > 1):
                parts = (_numbered(part, turn) if part in renamed else part for part in file.parts)
                copied = whole.joinpath(*parts)
                copied.parent.mkdir(parents=True, exist_ok=True)
                text = (tree / file).read_bytes().decode("utf-8", "surrogateescape")
                text = named.sub(lambda found: _numbered(found[0], turn), text)
                copied.write_bytes(text.encode("utf-8", "surrogateescape"))
        yield whole


def _package(init: Path) -> str:
    """The name of the outermost package that a file makes a part of it."""
    folder = init.parent
    while (folder.parent / init.name).exists():
        folder = folder.parent
    return folder.name


def _numbered(name: str, turn: int) -> str:
    return f"{name}{turn + 1}" if turn else name
