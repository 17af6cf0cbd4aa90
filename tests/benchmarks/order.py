"""Whether a file is linked alike whatever was linked before it: all files of a tree in three orders.

An answer is the least solution of what it rests on, so that it must not matter where the search begins; this
is what updates and work in several processes rely on. Every file that differs is listed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from isg.graph.linking.linker import Linker
from isg.graph.linking.project import ProjectFiles
from isg.graph.model import LinkedFile
from isg.parsers.buildfiles import read_build
from isg.parsers.discovery import discover
from isg.parsers.parse import parse


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("tree", type=Path, nargs="+")
    trees = arguments.parse_args().tree
    sys.exit(1 if sum(map(_differences, trees)) else 0)


def _differences(tree: Path) -> int:
    """How many files of a tree are linked otherwise in some order; each is printed."""
    project = _project(tree)
    paths = sorted(project.languages)
    middle = len(paths) // 2
    first = _linked(project, paths)
    different = {
        path
        for order in (paths[::-1], paths[middle:] + paths[:middle])
        for path, linked in _linked(project, order).items()
        if linked != first[path]
    }
    print(f"{tree.name}: {len(paths)} files in three orders, {len(different)} different")
    for path in sorted(different):
        print(f"  {path}")
    return len(different)


def _project(tree: Path) -> ProjectFiles:
    found = discover(tree)
    sources = {file.path: file.language for file in found.files}
    facts = {path: parse(language, (tree / path).read_bytes()) for path, language in sources.items()}
    build = read_build(tree, [file.path for file in found.build_files], sources)
    return ProjectFiles(build, sources, facts.__getitem__)


def _linked(project: ProjectFiles, order: Sequence[str]) -> dict[str, LinkedFile]:
    linker = Linker(project)
    return {path: linker.link(path) for path in order}


if __name__ == "__main__":
    main()
