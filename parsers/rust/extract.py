"""Rust source to facts: the driver."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers.facts import Diagnostic, FileFacts, ScopeKind
from isg.parsers.grammar import syntax_errors
from isg.parsers.recording import Idle
from isg.parsers.reparsing import Earlier
from isg.parsers.rust.bodies import hashes
from isg.parsers.rust.expressions import Expressions
from isg.parsers.rust.source import START, Source
from isg.parsers.rust.walk import Walk
from isg.parsers.source import to_utf8
from isg.parsers.tables import SymbolDraft, Tables

_READERS = Idle(lambda: Expressions(Walk()))


def extract(source: bytes, earlier: Earlier | None = None) -> FileFacts:
    """The facts of one Rust file; raises TooBroken, and nothing else for what the bytes are."""
    utf8, problem = to_utf8(source)
    text = Source(utf8)
    root = text.tree(earlier).root_node
    tables = Tables()
    lines = utf8.count(b"\n") + (not utf8.endswith(b"\n") and bool(utf8))
    if problem is not None:
        tables.diagnostics.append(Diagnostic("encoding", problem, 1, 1))
    if root.has_error:
        tables.diagnostics += syntax_errors(root)
    with _READERS.taken() as reader:
        walk = reader.walk
        _module(root, text, tables, lines, reader)
        if text.unread is not None:
            tables.diagnostics.append(
                Diagnostic("macros", "too many macros to read all", text.unread, text.unread)
            )
        facts = tables.finish("rust", lines, hashes(walk))
        walk.release()
    return facts


def _module(root: Node, source: Source, tables: Tables, lines: int, reader: Expressions) -> None:
    walk = reader.walk
    tables.scope(ScopeKind.MODULE, -1, 0, {})
    walk.begin(source, tables)
    module = SymbolDraft("module", "<module>", -1, 0, 0, 1, 0, max(lines - 1, 0), scope=0)
    module.bodies = ((START, source.end),)
    tables.symbol(module)
    module.doc = reader.items.file(root.children)
    module.statements = walk.statements
