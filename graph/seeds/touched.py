"""Which symbols a patch touches, whether the tree has it already or not yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from isg.graph.graph import Graph
from isg.graph.queries.members import MODULES
from isg.graph.seeds.patches import FilePatch, Hunk
from isg.graph.select import node_at


class Touched(msgspec.Struct, frozen=True):
    """The innermost symbols around the lines that a patch changes, in the order of the patch."""

    lines: dict[int, tuple[int, ...]]  # by node: the changed lines, as the tree numbers them
    unseen: tuple[str, ...]  # paths of changed files that the graph has not, as the patch calls them

    def symbols(self, graph: Graph) -> tuple[int, ...]:
        """The symbols; a module only where nothing else of its file is touched."""
        within = {graph.node_file[node] for node in self.lines if graph.node_kind[node] not in MODULES}
        return tuple(
            node
            for node in self.lines
            if graph.node_kind[node] not in MODULES or graph.node_file[node] not in within
        )


def touched(graph: Graph, patches: Iterable[FilePatch], line_of: Callable[[str, int], str | None]) -> Touched:
    """What the patches touch in the tree that the graph is of; ``line_of`` gives a line of a file of it.

    A hunk that the tree has already is placed by its lines after the change, else by those before it.
    Only blank lines being added or removed touch nothing.
    """
    lines: dict[int, list[int]] = {}
    unseen: list[str] = []
    for patch in patches:
        path = next((path for path in (patch.new, patch.old) if path and graph.has_file(path)), None)
        if path is None:
            unseen.append(patch.new or patch.old or "")
            continue
        if not patch.hunks:  # renamed, or of another mode
            lines.setdefault(graph.in_file(path)[0], [])
        for hunk in patch.hunks:
            for number in _places(hunk, path, line_of):
                node = node_at(graph, path, number)
                if node is not None:
                    lines.setdefault(node, []).append(number)
    return Touched({node: tuple(numbers) for node, numbers in lines.items()}, tuple(unseen))


def _places(hunk: Hunk, path: str, line_of: Callable[[str, int], str | None]) -> Iterator[int]:
    """The lines of the tree that a hunk changes: for what only the other side has, the one before it."""
    mark = "-" if not is_there(hunk, "+", path, line_of) and is_there(hunk, "-", path, line_of) else "+"
    there = list(hunk.numbered(mark))
    yield from (number for number, text, alone in there if alone and text.strip())
    other = "+" if mark == "-" else "-"
    if any(text.strip() and alone for _, text, alone in hunk.numbered(other)):
        alone = {number for number, _, only in there if only}
        yield from (max(1, gap - 1) for gap in hunk.gaps(mark) if gap not in alone and gap - 1 not in alone)


def is_there(hunk: Hunk, mark: str, path: str, line_of: Callable[[str, int], str | None]) -> bool:
    """Whether the tree has the lines of a side of a hunk where it says they are."""
    side = list(hunk.numbered(mark))
    return bool(side) and all(line_of(path, number) == text.rstrip("\r") for number, text, _ in side)
