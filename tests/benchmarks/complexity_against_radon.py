"""The cyclomatic complexity of each function against radon's."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from radon.complexity import cc_visit
from radon.visitors import Class, Function

from isg.graph.model import CALLABLE_KINDS
from isg.parsers.discovery import discover
from isg.parsers.parse import parse


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("tree", type=Path)
    given = arguments.parse_args()
    ours, theirs = dict(_by_isg(given.tree)), dict(_by_radon(given.tree))
    shared = ours.keys() & theirs.keys()
    different = sorted(place for place in shared if ours[place] != theirs[place])
    for file, line in different:
        print(f"{file}:{line}  isg {ours[file, line]}  radon {theirs[file, line]}")
    print(f"{len(shared)} functions in both, {len(shared) - len(different)} equal", end="")
    print(f" ({100 * (1 - len(different) / max(1, len(shared))):.2f} %)")
    print("differences by size:", dict(sorted(Counter(ours[p] - theirs[p] for p in different).items())))
    print(f"only isg: {len(ours.keys() - shared)}, only radon: {len(theirs.keys() - shared)}")


def _by_isg(tree: Path) -> Iterator[tuple[tuple[str, int], int]]:
    for file in discover(tree).files:
        facts = parse(file.language, (tree / file.path).read_bytes())
        for symbol in facts.symbols:
            if symbol.kind in CALLABLE_KINDS:
                yield (file.path, facts.units[symbol.unit] + symbol.line), symbol.complexity


def _by_radon(tree: Path) -> Iterator[tuple[tuple[str, int], int]]:
    for file in sorted(tree.rglob("*.py")):
        text = file.read_text("utf-8", "replace")
        lines = text.splitlines()
        try:
            blocks = cc_visit(text)
        except SyntaxError:
            continue
        for block in _functions(blocks):
            line = block.lineno
            while not lines[line - 1].lstrip().startswith(("def ", "async def ")):
                line += 1  # radon counts from the first decorator
            yield (file.relative_to(tree).as_posix(), line), block.complexity


def _functions(blocks: list[Function | Class]) -> Iterator[Function]:
    """All functions, also those in classes and in functions."""
    for block in blocks:
        if isinstance(block, Function):
            yield block
            yield from _functions(block.closures)
        else:
            yield from _functions(block.inner_classes)
            if block.lineno:
                yield from _functions(block.methods)


if __name__ == "__main__":
    main()
