"""TypeScript and JavaScript source to facts: the driver."""

from __future__ import annotations

from functools import cache

from tree_sitter import Node

from isg.parsers.facts import Diagnostic, FileFacts
from isg.parsers.grammar import syntax_errors
from isg.parsers.recording import Idle
from isg.parsers.reparsing import Earlier
from isg.parsers.tables import SymbolDraft, Tables
from isg.parsers.typescript.bodies import hashes
from isg.parsers.typescript.grammar import COMMENT, IMPORT_STATEMENT, syntax_of
from isg.parsers.typescript.jsdoc import jsdoc_of
from isg.parsers.typescript.repairs import parsed
from isg.parsers.typescript.source import to_utf8
from isg.parsers.typescript.statements import Statements
from isg.parsers.typescript.visibility import set_visibility
from isg.parsers.typescript.walk import Walk


def extract(language: str, source: bytes, earlier: Earlier | None = None) -> FileFacts:
    """The facts of one file (``typescript``, ``tsx`` or ``javascript``); raises TooBroken."""
    utf8, problem = to_utf8(source)
    syntax = syntax_of(language)
    tree, modules = parsed(syntax.grammar.parser(), utf8, earlier, jsx=language != "typescript")
    root = tree.root_node
    tables = Tables()
    lines = utf8.count(b"\n") + (not utf8.endswith(b"\n") and bool(utf8))
    if problem is not None:
        tables.diagnostics.append(Diagnostic("encoding", problem, 1, 1))
    if root.has_error:
        tables.diagnostics += syntax_errors(root)
    with _readers_of(language).taken() as statements:
        walk = statements.walk
        walk.begin(utf8, tables)
        walk.import_types = modules
        walk.is_javascript = language == "javascript"
        if walk.is_javascript:
            walk.jsdoc = jsdoc_of(utf8, root, syntax.grammar)
            if walk.jsdoc is not None:
                modules.update(walk.jsdoc.modules)
        _module(root, statements, lines)
        set_visibility(walk)
        facts = tables.finish(language, lines, hashes(walk))
        walk.release()
    return facts


@cache
def _readers_of(language: str) -> Idle[Statements]:
    return Idle(lambda: Statements(Walk(syntax_of(language))))


def _module(root: Node, statements: Statements, lines: int) -> None:
    """Declares the module's names, then reads its statements; each but imports begins a unit."""
    walk, tables = statements.walk, statements.walk.tables
    module = SymbolDraft("module", "<module>", -1, 0, 0, 1, 0, max(lines - 1, 0), scope=0)
    module.bodies = ((0, len(walk.source)),)
    tables.symbol(module)
    statements.begin()
    declarer = statements.reader.declarer
    children = root.children
    units: dict[int, int] = {}
    for child in children:
        if child.is_named and walk.kinds[child.kind_id] not in (COMMENT, IMPORT_STATEMENT):
            tables.units.append(child.start_point[0] + 1)
            units[child.start_byte] = len(tables.units) - 1
            walk.enter_unit(len(tables.units) - 1)
        declarer.block([child])
        walk.enter_unit(0)
    declarer.hoist(children)
    statements.reader.documented.imports()
    statements.reader.documented.name_types(statements.exports)
    for child in children:
        if walk.kinds[child.kind_id] == COMMENT:
            walk.doc = child
            continue
        unit = units.get(child.start_byte, 0)
        walk.enter_unit(unit)
        statements.run([child])
        walk.enter_unit(0)
    module.statements = walk.statements
