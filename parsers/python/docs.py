"""Docstrings, and bodies that only state an interface."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers.python.grammar import CALL, COMMENT, STRING, kind, named
from isg.parsers.python.walk import Walk

MAX_DOC = 300
_ELLIPSIS = kind("ellipsis")
_PASS = kind("pass_statement")
_RAISE = kind("raise_statement")


def docstring(walk: Walk, body: Node | None) -> str:
    """The first paragraph of a block's docstring, on one line, or nothing."""
    first = _first(body) if body is not None else None
    if first is None or first.kind_id != STRING:
        return ""
    text = walk.slice(first)
    if text[:1] in "fFbB":
        return ""
    text = text.lstrip("rRuU")
    quote = text[:3] if text[:3] in ('"""', "'''") else text[:1]
    text = text[len(quote) : -len(quote)]
    lines: list[str] = []
    for line in text.strip().splitlines():
        if not line.strip():
            break
        lines.append(line.strip())
    return " ".join(lines)[:MAX_DOC].rstrip()


def _first(body: Node) -> Node | None:
    """The first statement of a block."""
    for node in body.children:
        if node.kind_id != COMMENT and node.is_named:
            return node
    return None


def is_abstract(walk: Walk, body: Node) -> bool:
    """Whether a body is only a docstring, ``...``, ``pass`` or ``raise NotImplementedError``."""
    if len(body.children) > 4:
        return False
    statements = named(body.children)
    if statements and statements[0].kind_id == STRING:
        statements = statements[1:]
    return all(_is_abstract(walk, node) for node in statements)


def _is_abstract(walk: Walk, node: Node) -> bool:
    if node.kind_id in (_ELLIPSIS, _PASS):
        return True
    if node.kind_id != _RAISE:
        return False
    raised = named(node.children)
    if not raised:
        return False
    name = raised[0].children[0] if raised[0].kind_id == CALL else raised[0]
    return walk.slice(name) == "NotImplementedError"
