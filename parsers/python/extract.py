"""Python source to facts: the driver."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tree_sitter import Node

from isg.parsers.facts import Diagnostic, FileFacts, ScopeKind
from isg.parsers.python.bodies import hashes
from isg.parsers.python.docs import docstring
from isg.parsers.python.flow import Frame
from isg.parsers.python.grammar import kinds, parser
from isg.parsers.python.source import to_utf8
from isg.parsers.python.statements import Statements
from isg.parsers.python.tables import SymbolDraft, Tables
from isg.parsers.python.walk import MAX_DIAGNOSTICS, Walk

_DEFINITIONS = kinds("function_definition", "class_definition", "decorated_definition")
_RECURSION = 20_000  # Python frames, far more than the depth limits of the readers let them use


def extract(source: bytes) -> FileFacts:
    """The facts of one Python file. Never raises for what the bytes are."""
    utf8, problem = to_utf8(source)
    tree = parser().parse(utf8)
    root = tree.root_node
    tables = Tables()
    lines = utf8.count(b"\n") + (not utf8.endswith(b"\n") and bool(utf8))
    if problem is not None:
        tables.diagnostics.append(Diagnostic("encoding", problem, 1, 1))
    if root.has_error:
        tables.diagnostics += syntax_errors(root)
    with _prepared():
        walk = _module(root, utf8, tables, lines)
        facts = tables.finish(lines, hashes(walk))
        walk.release()
        del walk, tables
        return facts


@contextmanager
def _prepared() -> Iterator[None]:
    """Room for deep sources, and no garbage collection among the many live small objects."""
    limit, collecting = sys.getrecursionlimit(), gc.isenabled()
    sys.setrecursionlimit(max(limit, _RECURSION))
    gc.disable()
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
        if collecting:
            gc.enable()


def _module(root: Node, source: bytes, tables: Tables, lines: int) -> Walk:
    names: dict[str, list[int]] = {}
    tables.scope(ScopeKind.MODULE, -1, 0, names)
    walk = Walk(source, source.decode("latin-1"), Frame(None, 0, 0, names), tables)
    walk.unordered = root.has_error
    _find_walruses(walk)
    module = SymbolDraft("module", "<module>", -1, 0, 0, 1, 0, max(lines - 1, 0), scope=0)
    module.bodies = ((0, len(source) + 1),)
    module.doc = docstring(walk, root)
    tables.symbol(module)
    statements = Statements(walk)
    children = root.named_children
    statements.definitions.declarer.module(children)
    unit = 0
    for child in children:
        if child.kind_id in _DEFINITIONS:
            unit += 1
            walk.enter_unit(unit)
            statements.run([child])
            walk.enter_unit(0)
        else:
            statements.run([child])
    statements.exports.finish()
    module.statements = walk.statements
    return walk


def _find_walruses(walk: Walk) -> None:
    at = walk.source.find(b":=")
    while at >= 0:
        walk.walruses.append(at)
        at = walk.source.find(b":=", at + 2)


def syntax_errors(root: Node) -> list[Diagnostic]:
    """The outermost spans that could not be parsed, in source order."""
    found: list[Diagnostic] = []
    pending = [root]
    while pending and len(found) < MAX_DIAGNOSTICS:
        node = pending.pop()
        if node.is_error or node.is_missing:
            first, last = node.start_point[0] + 1, node.end_point[0] + 1
            message = f"missing {node.type}" if node.is_missing else "cannot be parsed"
            found.append(Diagnostic("syntax-error", message, first, last))
        elif node.has_error:
            pending.extend(child for child in reversed(node.children) if child.has_error or child.is_missing)
    return found
