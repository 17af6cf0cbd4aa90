"""Which files a pattern means, where a question is about a part of a project."""

from __future__ import annotations

from isg.graph.errors import NotFound
from isg.graph.graph import Graph
from isg.parsers.ignore import IgnoreRules


def files_within(graph: Graph, pattern: str) -> frozenset[int]:
    """The files (their indexes) that a pattern names, itself or by a folder around them.

    The pattern is written as in ``.gitignore``, from the project's root: ``src/shop``, ``*.pyi``,
    ``/api/**/v2``; with ``!`` in front it names all other files. Raises NotFound where no file is left.
    """
    negated = pattern.startswith("!")
    rules = IgnoreRules([pattern.removeprefix("!").removeprefix("./")])
    found = frozenset(
        index for index, row in enumerate(graph.files) if _is_named(rules, row.path) is not negated
    )
    if not found:
        raise NotFound(
            f"no indexed file matches {pattern}",
            hint="a pattern is read as in .gitignore, from the project's root",
            code="no-such-file",
        )
    return found


def _is_named(rules: IgnoreRules, path: str) -> bool:
    parts = path.split("/")
    return any(
        rules.verdict("/".join(parts[:count]), parts[count - 1], count < len(parts))
        for count in range(1, len(parts) + 1)
    )
