"""Macros by example, and the token trees that macros are given.

What a macro makes of its tokens is not known here; but most take expressions, and many take items. So the
tokens are parsed as those, and what cannot be parsed is parted at `,`, `;` and `=>` and tried again.
"""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers.facts import BindingKind, Form, Parameter, ParameterKind, Role, ScopeKind, TermId
from isg.parsers.rust import operators as op
from isg.parsers.rust.grammar import (
    ATTRIBUTE,
    CLOSURE,
    COMMENTS,
    EXPRESSION_STATEMENT,
    IDENTIFIER,
    ITEMS,
    METAVARIABLE,
    TOKEN_TREE,
    kind,
    kinds,
    named,
    parts,
    token,
)
from isg.parsers.rust.readers import Reader
from isg.parsers.rust.walk import Walk
from isg.parsers.tables import SymbolDraft

_MAX_TREE = 1 << 16  # bytes of a token tree that is parsed as expressions
_MAX_ITEMS = 1 << 20  # as items
_MAX_NESTING = 8  # macros in macros that are parsed again
_RULE = kind("macro_rule")
_BINDING = kind("token_binding_pattern")
_ASSIGNMENT = kind("assignment_expression")
_BLOCK = kind("block")
_MATCH_PATTERN = kind("match_pattern")
_GROUPS = kinds("parenthesized_expression", "tuple_expression", "array_expression")
_LITERALS = kinds(
    "integer_literal", "float_literal", "string_literal", "raw_string_literal", "char_literal"
) | kinds("boolean_literal")
_BEFORE_ITEMS = COMMENTS | {ATTRIBUTE}
_SEPARATORS = frozenset({token(","), token(";"), token("=>")})
_NEVER = frozenset({"panic", "unreachable", "todo", "unimplemented"})
_QUOTES = frozenset({"quote", "quote_spanned", "parse_quote", "stringify", "macro_rules"})
_MATCHES = frozenset({"matches", "assert_matches", "debug_assert_matches"})


class Macros:
    """Reads macro definitions and uses."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    # uses

    def invocation(self, node: Node) -> TermId:
        """The term of `path!(…)`: a call of the macro."""
        children = parts(node)
        tree = children[-1]
        name_node = children[0].children[-1] if children[0].children else children[0]
        name = self.walk.name(name_node)
        is_tree = tree.kind_id == TOKEN_TREE
        values, lambdas, names = self.arguments(name, tree) if is_tree else ([], [], [])
        return self._used(children[0], name, name_node, values, lambdas, names)

    def _used(
        self,
        path: Node,
        name: str,
        name_node: Node,
        values: list[TermId],
        lambdas: list[tuple[int, int]],
        names: list[str | TermId],
    ) -> TermId:
        walk = self.walk
        text = "".join(walk.slice(path).split()).lstrip("$") if path is not name_node else name
        term = walk.terms[(op.MACRO, walk.scope, text)]
        call = walk.terms[(op.CALL, term, len(values), *values, *names)]
        self.reader.calls.expect(lambdas, call)
        form = Form.NAME if path is name_node else Form.CHAIN
        walk.refer(term, name, Role.CALL, form, name_node, len(values) + len(names) // 2, call)
        return walk.never if name in _NEVER else call

    def items(self, node: Node) -> None:
        """A macro where items stand: often its tokens are items, which it gives back."""
        walk = self.walk
        children = parts(node)
        tree = children[-1]
        if tree.kind_id != TOKEN_TREE or walk.macro_depth >= _MAX_NESTING or walk.silent:
            self.invocation(node)
            return
        found = self._item_nodes(tree)
        if not found:
            self.invocation(node)
            if len(tree.children) == 2:
                self.reader.items.expanded(children[0])
            return
        name_node = children[0].children[-1] if children[0].children else children[0]
        self._used(children[0], walk.name(name_node), name_node, [], [], [])
        walk.macro_depth += 1
        self.reader.items.run(found)
        walk.macro_depth -= 1

    def arguments(
        self, name: str, tree: Node
    ) -> tuple[list[TermId], list[tuple[int, int]], list[str | TermId]]:
        """Terms of what a macro is given, the closures among them, and named arguments (`x = 1`)."""
        walk = self.walk
        inner = tree.children[1:-1]
        too_large = tree.end_byte - tree.start_byte > _MAX_TREE
        if not inner or name in _QUOTES or too_large or walk.macro_depth >= _MAX_NESTING:
            return [], [], []
        if len(inner) == 1 and (inner[0].kind_id == IDENTIFIER or inner[0].kind_id in _LITERALS):
            return [self.reader.read(inner[0])], [], []
        walk.macro_depth += 1
        nodes = [] if name in _MATCHES else self._whole(tree)
        values: list[TermId] = []
        lambdas: list[tuple[int, int]] = []
        names: list[str | TermId] = []
        if nodes:
            self._read(nodes, values, lambdas, names)
        else:
            self._pieces(name, inner, values, lambdas, names)
        walk.macro_depth -= 1
        return values, lambdas, names

    def _whole(self, tree: Node) -> list[Node]:
        """The expressions that the tokens are, if they are."""
        group = self._expression(tree, tree)
        if group is None:
            return []
        if group.kind_id not in _GROUPS:
            return [group]
        inner = named(group.children)
        is_repeat = any(child.type == ";" for child in group.children)
        return inner if not is_repeat else inner[:2]

    def _expression(self, first: Node, last: Node) -> Node | None:
        root = self.walk.source.expression(first, last).root_node
        if root.has_error or len(root.children) != 1 or root.children[0].kind_id != EXPRESSION_STATEMENT:
            return None
        return root.children[0].children[0]

    def _read(
        self,
        nodes: list[Node],
        values: list[TermId],
        lambdas: list[tuple[int, int]],
        names: list[str | TermId],
    ) -> None:
        for node in nodes:
            sides = parts(node) if node.kind_id == _ASSIGNMENT else []
            if len(sides) == 3 and sides[0].kind_id == IDENTIFIER:
                names += (self.walk.name(sides[0]), self.reader.read(sides[2]))
                continue
            term = self.reader.read(node)
            if node.kind_id == CLOSURE and self.walk.terms.rows[term][0] == op.LAMBDA:
                lambdas.append((len(values), int(self.walk.terms.rows[term][1])))
            values.append(term)

    def _pieces(
        self,
        name: str,
        tokens: list[Node],
        values: list[TermId],
        lambdas: list[tuple[int, int]],
        names: list[str | TermId],
    ) -> None:
        """Reads what stands between separators where it is an expression, and what is nested in the rest."""
        for piece in _split(tokens):
            found = self._expression(piece[0], piece[-1])
            if found is not None:
                self._read([found], values, lambdas, names)
            elif name in _MATCHES and values:
                self._pattern(piece, values[0])
            else:
                values.append(0)
                for each in piece:
                    if each.kind_id == TOKEN_TREE:
                        self.arguments("", each)

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

    # definitions

    def definition(self, node: Node, draft: SymbolDraft) -> None:
        """`macro_rules! name { … }`: each rule that makes an expression is like a function."""
        rules = [child for child in node.children if child.kind_id == _RULE]
        if len(rules) == 1 and self._constant_items(rules[0], draft):
            return
        for rule in rules:
            self._rule(rule, draft)

    def _constant_items(self, node: Node, draft: SymbolDraft) -> bool:
        """A macro that takes nothing and gives items is like a module; whether it is that."""
        walk = self.walk
        matcher, body = node.child_by_field_name("left"), node.child_by_field_name("right")
        if matcher is None or body is None or len(matcher.children) != 2:
            return False
        found = self._item_nodes(body)
        if found:
            draft.scope = walk.scope = walk.tables.scope(ScopeKind.MODULE, walk.scope, walk.symbol, {})
            self.reader.items.run(found)
        return bool(found)

    def _item_nodes(self, tree: Node) -> list[Node]:
        """The nodes of a token tree parsed as items; none where it is anything else."""
        inner = tree.children[1:-1]
        if len(inner) < 2 or tree.end_byte - tree.start_byte > _MAX_ITEMS:
            return []
        root = self.walk.source.items(inner[0], inner[-1]).root_node
        held = [each for each in root.children if each.kind_id not in _BEFORE_ITEMS]
        if root.has_error or not held or any(each.kind_id not in ITEMS for each in held):
            return []
        return root.children

    def _rule(self, node: Node, draft: SymbolDraft) -> None:
        walk = self.walk
        matcher, body = node.child_by_field_name("left"), node.child_by_field_name("right")
        if matcher is None or body is None or body.end_byte - body.start_byte > _MAX_TREE:
            return
        expression = self._expression(body, body)
        if expression is None or (expression.kind_id == _BLOCK and _holds_items(expression)):
            return
        signature, number = walk.new_signature(walk.symbol)
        draft.signatures = (*draft.signatures, number)
        signature.scope = walk.tables.scope(ScopeKind.FUNCTION, walk.scope, walk.symbol, {})
        outer = walk.locals, walk.log, walk.local_scope, walk.signature, walk.silent, walk.scope
        complexity, statements = walk.complexity, walk.statements
        walk.locals, walk.log, walk.signature, walk.silent = {}, [], None, True
        walk.local_scope = walk.scope = signature.scope
        for at, name in enumerate(self._metavariables(matcher)):
            signature.parameters.append(Parameter(name, ParameterKind.POSITIONAL_ONLY, 0, 0, False))
            walk.bind(name, BindingKind.PARAMETER, walk.terms[(op.PARAMETER, number, at)])
        walk.macro_depth += 1
        value = self.reader.read(expression)
        walk.macro_depth -= 1
        signature.returned[value] = None
        walk.locals, walk.log, walk.local_scope, walk.signature, walk.silent, walk.scope = outer
        walk.complexity, walk.statements = complexity, statements

    def _metavariables(self, matcher: Node) -> list[str]:
        """The names that a rule binds, in order."""
        found: list[str] = []
        pending = [matcher]
        while pending:
            node = pending.pop()
            if node.kind_id == _BINDING:
                found += [self.walk.slice(each) for each in node.children if each.kind_id == METAVARIABLE]
            else:
                pending.extend(reversed(node.children))
        return found


def _split(tokens: list[Node]) -> list[list[Node]]:
    """The tokens between separators; comments are none."""
    pieces: list[list[Node]] = [[]]
    for each in tokens:
        if each.kind_id in _SEPARATORS:
            pieces.append([])
        elif each.kind_id not in COMMENTS:
            pieces[-1].append(each)
    return [piece for piece in pieces if piece]


def _holds_items(block: Node) -> bool:
    return any(child.kind_id in ITEMS for child in block.children)
