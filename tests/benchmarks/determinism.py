"""Whether a tree always gives the same bytes: any jobs, any hash seed, a full rebuild, another folder."""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

from measuring import run
from trees import copy_of

EXPORTS = (("--what", "symbols"), ("--what", "edges"))
QUERIES = (
    ("find-cycles", "--format", "json"),
    ("hotspots", "--format", "json"),
    ("stats", "--format", "json"),
)
SEEDS = 10
SOURCES = frozenset({".py", ".ts", ".tsx", ".js", ".rs"})


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("tree", type=Path)
    given = arguments.parse_args()
    digests: dict[str, str] = {}
    with copy_of(given.tree) as tree:
        for name, digest in _variants(given.tree, tree):
            digests[name] = digest
            print(f"{digest[:16]}  {name}", flush=True)
    if len(set(digests.values())) != 1:
        sys.exit("not the same")
    print(f"{len(digests)} runs, the same bytes")


def _variants(original: Path, tree: Path) -> Iterator[tuple[str, str]]:
    for jobs in ("1", "2"):
        run("index", "--full", "--jobs", jobs, cwd=tree)
        yield f"--jobs {jobs}", _digest(tree)
    for seed in range(SEEDS):
        environment = {"PYTHONHASHSEED": str(seed)}
        run("index", "--full", cwd=tree, environment=environment)
        yield f"PYTHONHASHSEED={seed}", _digest(tree, environment)
    run("index", cwd=tree)
    yield "index again", _digest(tree)
    yield "after an edit and back", _edited(tree)
    with copy_of(original, tree.name) as elsewhere:
        run("index", cwd=elsewhere)
        yield "another folder", _digest(elsewhere)


def _edited(tree: Path) -> str:
    """The digest after one file lost its second half, and got it back."""
    sources = [each for each in tree.rglob("*") if each.suffix in SOURCES and each.is_file()]
    file = max(sources, key=lambda each: (each.stat().st_size, str(each)))
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    run("index", cwd=tree)
    file.write_bytes(content)
    run("index", cwd=tree)
    return _digest(tree)


def _digest(tree: Path, environment: dict[str, str] | None = None) -> str:
    """One hash over all that isg exports and answers."""
    whole = hashlib.sha256()
    for export in EXPORTS:
        whole.update(run("export", *export, "--format", "jsonl", cwd=tree, environment=environment).output)
    for query in QUERIES:
        whole.update(run(*query, cwd=tree, environment=environment).output)
    return whole.hexdigest()


if __name__ == "__main__":
    main()
