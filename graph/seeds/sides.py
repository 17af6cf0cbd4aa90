"""The text of a file on the other side of a patch."""

from __future__ import annotations

from collections.abc import Callable

from isg.graph.seeds.patches import FilePatch
from isg.graph.seeds.touched import is_there

LineOf = Callable[[str, int], str | None]


def is_applied(patch: FilePatch, path: str, line_of: LineOf) -> bool:
    """Whether a file of the tree is what the patch makes of it, rather than what it was made for."""
    return all(is_there(hunk, "+", path, line_of) for hunk in patch.hunks) or not all(
        is_there(hunk, "-", path, line_of) for hunk in patch.hunks
    )


def other_side(patch: FilePatch, path: str, line_of: LineOf) -> str:
    """The file before the patch where the tree has it after, and after it where the tree has it before."""
    ours = "+" if is_applied(patch, path, line_of) else "-"
    lines: list[str] = []
    number = 1
    for hunk in patch.hunks:
        start = hunk.new_start if ours == "+" else hunk.old_start
        number = _copy(lines, path, number, start, line_of)
        lines += [line[1:] for line in hunk.lines if line[0] not in (ours, "\\")]
        number += sum(line[0] in (ours, " ") for line in hunk.lines)
    _copy(lines, path, number, None, line_of)
    return "\n".join(lines) + "\n"


def _copy(lines: list[str], path: str, number: int, until: int | None, line_of: LineOf) -> int:
    """Append the tree's lines from a number on; the number of the first that was not."""
    while until is None or number < until:
        line = line_of(path, number)
        if line is None:
            break
        lines.append(line)
        number += 1
    return number
