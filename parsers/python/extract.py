"""Python source to facts: the driver."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import Diagnostic, FileFacts, ScopeKind
from isg.parsers.grammar import Effort, syntax_errors
from isg.parsers.python.bodies import hashes
from isg.parsers.python.docs import docstring
from isg.parsers.python.flow import Frame
from isg.parsers.python.grammar import GRAMMAR, kinds
from isg.parsers.python.operators import LITERAL_TYPES
from isg.parsers.python.source import to_utf8
from isg.parsers.python.statements import Statements
from isg.parsers.python.walk import Walk
from isg.parsers.recording import Idle
from isg.parsers.reparsing import Earlier
from isg.parsers.tables import SymbolDraft, Tables

_DEFINITIONS = kinds("function_definition", "class_definition", "decorated_definition")
READERS = Idle(lambda: Statements(Walk()))


def extract(source: bytes, earlier: Earlier | None = None) -> FileFacts:
    """The facts of one Python file; raises TooBroken, and nothing else for what the bytes are."""
    utf8, problem = to_utf8(source)
    effort = Effort(len(utf8))
    root = effort.parse_next(GRAMMAR.parser(), utf8, earlier).root_node
    tables = Tables()
    lines = line_count(utf8)
    if problem is not None:
        tables.diagnostics.append(Diagnostic("encoding", problem, 1, 1))
    if root.has_error:
        tables.diagnostics += syntax_errors(root) or [_hidden_error(lines)]
    for name in LITERAL_TYPES:
        _ = tables.terms[(op.LITERAL, name)]
    names: dict[str, list[int]] = {}
    frame = Frame(None, tables.scope(ScopeKind.MODULE, -1, 0, names), 0, names)
    with READERS.taken() as statements:
        walk = statements.walk
        walk.begin(utf8, frame, tables, effort)
        _module(root, statements, lines)
        for draft in tables.symbols:
            draft.visibility = visibility_of(draft.name)
        facts = tables.finish("python", lines, hashes(walk, range(len(tables.symbols))))
        walk.release()
    return facts


def _hidden_error(lines: int) -> Diagnostic:
    """What is missing has no place in the tree: the end of a line or of a block."""
    return Diagnostic("syntax-error", "missing the end of a line", 1, max(lines, 1))


def _module(root: Node, statements: Statements, lines: int) -> None:
    walk = statements.walk
    walk.unordered = root.has_error
    walk.note_walruses(0)
    module = SymbolDraft("module", "<module>", -1, 0, 0, 1, 0, max(lines - 1, 0), scope=0)
    module.bodies = ((0, len(walk.source) + 1),)
    module.doc = docstring(walk, root)
    walk.tables.symbol(module)
    children = root.named_children
    statements.exports.begin()
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


def line_count(source: bytes) -> int:
    """How many lines a source has; the last one need not be ended."""
    return source.count(b"\n") + (not source.endswith(b"\n") and bool(source))


def visibility_of(name: str) -> str:
    """Python's convention: two leading underscores are private, one is protected, dunders are public."""
    if not name.startswith("_") or (name.startswith("__") and name.endswith("__")):
        return "public"
    return "private" if name.startswith("__") else "protected"
