"""Valid TypeScript that the grammar cannot parse, written so that it can: every byte keeps its place.

Only a file with errors is repaired, and a repair counts only where it leaves fewer of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tree_sitter import Node, Parser, Tree

from isg.parsers.grammar import Effort, TooBroken
from isg.parsers.reparsing import Earlier

_VARIANCE = re.compile(rb"(?<=[<,\s])((?:in\s+out|in|out)\s)(?=\s*[A-Za-z_$][\w$]*\s*(?:extends\b|[=,>]))")
_IMPORT_TYPE = re.compile(
    rb"\bimport\([ \t]*(\"[^\"\n]*\"|'[^'\n]*')[ \t]*\)"
    rb"(?=(?:\s*\.\s*[\w$]+)+(?![\w$]|\s*[(.])|\s*>\s*\()"
)
_TYPE_STAR = re.compile(rb"(?<=\bexport)([ \t]+)type(?=\s+\*)")
_CALL_SIGNATURE = re.compile(rb"(?<![=(,:?&|\[{<])(?<!=>)(\r?\n[ \t]*)[ \t](?=<)")
_MAX_COUNTED = 1000


def parsed(
    parser: Parser, source: bytes, earlier: Earlier | None, *, jsx: bool
) -> tuple[Tree, dict[int, str]]:
    """The best tree of a source, and the modules of import types that stand in it as plain names.

    Raises TooBroken.
    """
    effort = Effort(len(source))
    tree = effort.parse_next(parser, source, earlier)
    modules: dict[int, str] = {}
    if not tree.root_node.has_error:
        return tree, modules
    best = _errors(tree.root_node)
    repairs: list[Callable[[bytes], bytes]] = [
        _without_variance,
        _import_types_as_names,
        _all_of_a_module,
    ]
    if not jsx:
        repairs.append(_signatures_apart)
    for repair in repairs:
        changed = repair(source)
        if changed == source:
            continue
        try:
            attempt = effort.parse(parser, changed)
        except TooBroken:
            break
        errors = _errors(attempt.root_node)
        if errors < best:
            if repair is _import_types_as_names:
                modules = {each.start(): each[1][1:-1].decode() for each in _IMPORT_TYPE.finditer(source)}
            source, tree, best = changed, attempt, errors
    return tree, modules


def _without_variance(source: bytes) -> bytes:
    """``<in out T>`` as ``<T>``"""
    return _VARIANCE.sub(lambda each: re.sub(rb"\S", b" ", each[1]), source)


def _import_types_as_names(source: bytes) -> bytes:
    """``import("m").T`` as ``import___m__.T``, ``f<typeof import("m")>()`` likewise"""
    return _IMPORT_TYPE.sub(lambda each: re.sub(rb"[^A-Za-z]", b"_", each[0]), source)


def _all_of_a_module(source: bytes) -> bytes:
    """``export type * from "m"`` as ``export * from "m"``"""
    return _TYPE_STAR.sub(rb"\1    ", source)


def _signatures_apart(source: bytes) -> bytes:
    """A call signature on a line of its own is no type argument of the line above."""
    return _CALL_SIGNATURE.sub(rb"\1;", source)


def _errors(root: Node) -> int:
    """How many places could not be parsed."""
    count, pending = 0, [root]
    while pending and count < _MAX_COUNTED:
        node = pending.pop()
        if node.is_error or node.is_missing:
            count += 1
        elif node.has_error:
            pending.extend(node.children)
    return count
