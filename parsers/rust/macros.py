"""Uses of macros, and what their token trees say.

The tokens are read as expressions or items where they are that; else what stands between `,`, `;` and `=>`
is tried, and what is nested in the rest.
"""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import Form, Role, TermId
from isg.parsers.rust.expansion import Expansion
from isg.parsers.rust.grammar import CLOSURE, IDENTIFIER, TOKEN_TREE, kind, kinds, named, parts
from isg.parsers.rust.readers import Reader
from isg.parsers.rust.tokens import (
    ATOMS,
    MAX_EXPRESSIONS,
    MAX_NESTING,
    as_expression,
    as_items,
    item_branches,
    split,
)
from isg.parsers.rust.walk import Walk

_ASSIGNMENT = kind("assignment_expression")
_MATCH_PATTERN = kind("match_pattern")
_GROUPS = kinds("parenthesized_expression", "tuple_expression", "array_expression")
_NEVER = frozenset({"panic", "unreachable", "todo", "unimplemented"})
_QUOTES = frozenset({"quote", "quote_spanned", "parse_quote", "stringify", "macro_rules"})
_THREAD_LOCAL = "thread_local"  # what stands in for it, under a test's scheduler, is called after it
_MATCHES = frozenset({"matches", "assert_matches", "debug_assert_matches"})


class Arguments:
    """What a macro is given, as far as it is expressions."""

    __slots__ = ("lambdas", "names", "values")

    def __init__(self) -> None:
        self.values: list[TermId] = []
        self.lambdas: list[tuple[int, int]] = []  # position and signature of each closure
        self.names: list[str | TermId] = []  # `x = 1` as name and term in turn


class Macros:
    """Reads uses of macros."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader
        self.expansion = Expansion(walk, reader)

    def invocation(self, node: Node) -> TermId:
        """The term of `path!(…)`: a call of the macro."""
        children = parts(node)
        tree = children[-1]
        arguments = Arguments()
        if tree.kind_id == TOKEN_TREE:
            self._tree(self._name(children[0]), tree, arguments)
        return self._used(children[0], arguments)

    def items(self, node: Node) -> None:
        """A macro where items stand: often its tokens are items, which it gives back."""
        walk = self.walk
        children = parts(node)
        tree = children[-1]
        found: list[Node] = []
        if tree.kind_id == TOKEN_TREE and walk.macro_depth < MAX_NESTING and not walk.silent:
            found = as_items(walk.source, tree) or item_branches(walk.source, tree)
        if found:
            if walk.use is None:
                self._used(children[0], Arguments())
            outer, walk.in_thread_local = (
                walk.in_thread_local,
                self._name(children[0]).endswith(_THREAD_LOCAL),
            )
            walk.macro_depth += 1
            self.reader.items.run(found)
            walk.macro_depth -= 1
            walk.in_thread_local = outer
            return
        given = len(walk.tables.references)
        if walk.use is None:
            self.invocation(node)
        self.reader.items.expanded(children[0])
        if tree.kind_id == TOKEN_TREE and walk.macro_depth < MAX_NESTING and not walk.silent:
            self.expansion.read(self._name(children[0]), tree, node, given)

    def _name(self, path: Node) -> str:
        return self.walk.name(_last(path))

    def _used(self, path: Node, arguments: Arguments) -> TermId:
        walk = self.walk
        name_node = _last(path)
        name = walk.name(name_node)
        is_name = not path.children
        text = name if is_name else "".join(walk.slice(path).split()).lstrip("$")
        term = walk.terms[(op.MACRO, walk.scope, text)]
        values, names = arguments.values, arguments.names
        call = walk.terms[(op.CALL, term, len(values), *values, *names)]
        self.reader.calls.expect(arguments.lambdas, call)
        form = Form.NAME if is_name else Form.CHAIN
        walk.refer(term, name, Role.CALL, form, name_node, len(values) + len(names) // 2, call)
        return walk.never if name in _NEVER else call

    def _tree(self, name: str, tree: Node, arguments: Arguments) -> None:
        """Reads the tokens that a macro of this name is given."""
        walk = self.walk
        inner = tree.children[1:-1]
        if not inner or name in _QUOTES or walk.macro_depth >= MAX_NESTING:
            return
        if len(inner) == 1 and inner[0].kind_id in ATOMS:
            arguments.values.append(self.reader.read(inner[0]))
            return
        if tree.end_byte - tree.start_byte > MAX_EXPRESSIONS:
            return
        walk.macro_depth += 1
        group = as_expression(walk.source, [tree]) if name not in _MATCHES else None
        if group is None:
            self._pieces(name, inner, arguments)
        elif group.kind_id not in _GROUPS:
            self._value(group, arguments)
        else:
            for each in named(group.children):
                self._value(each, arguments)
        walk.macro_depth -= 1

    def _value(self, node: Node, arguments: Arguments) -> None:
        sides = parts(node) if node.kind_id == _ASSIGNMENT else []
        if len(sides) == 3 and sides[0].kind_id == IDENTIFIER:
            arguments.names += (self.walk.name(sides[0]), self.reader.read(sides[2]))
            return
        term = self.reader.read(node)
        row = self.walk.terms.rows[term]
        if node.kind_id == CLOSURE and row[0] == op.LAMBDA:
            arguments.lambdas.append((len(arguments.values), int(row[1])))
        arguments.values.append(term)

    def _pieces(self, name: str, tokens: list[Node], arguments: Arguments) -> None:
        """Reads what stands between separators where it is an expression, and what is nested in the rest."""
        for piece in split(tokens):
            found = as_expression(self.walk.source, piece)
            if found is not None:
                self._value(found, arguments)
            elif name in _MATCHES and arguments.values:
                self._pattern(piece, arguments.values[0])
            else:
                arguments.values.append(0)
                for each in piece:
                    if each.kind_id == TOKEN_TREE:
                        self._tree("", each, Arguments())

    def _pattern(self, piece: list[Node], value: TermId) -> None:
        """`matches!(value, pattern if guard)`"""
        walk = self.walk
        pending = [walk.source.pattern(piece[0], piece[-1]).root_node]
        mark = len(walk.log)
        while pending:
            node = pending.pop()
            if node.kind_id == _MATCH_PATTERN:
                self.reader.control.match_pattern(node, value)
                break
            pending.extend(reversed(node.children))
        walk.forget(mark)


def _last(path: Node) -> Node:
    """The last segment of a path."""
    return path.children[-1] if path.children else path
