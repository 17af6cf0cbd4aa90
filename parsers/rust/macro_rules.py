"""Macros by example (Rust reference, chapter "Macros By Example")."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, BindingKind, Parameter, ParameterKind, ScopeKind
from isg.parsers.rust.grammar import BLOCK, ITEMS, METAVARIABLE, kind, kinds, named
from isg.parsers.rust.readers import Reader
from isg.parsers.rust.tokens import (
    HASH,
    MAX_EXPRESSIONS,
    MAX_NESTING,
    REPETITION,
    SEPARATORS,
    as_expression,
    as_items,
)
from isg.parsers.rust.walk import Walk
from isg.parsers.tables import SymbolDraft

_RULE = kind("macro_rule")
_BINDING = kind("token_binding_pattern")
_DEFINITIONS = ITEMS - kinds("use_declaration")
_REPEATED = kind("token_repetition_pattern")


class MacroRules:
    """Reads the definitions of macros. Nothing in them is a reference: they only say what uses become."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def read(self, node: Node, draft: SymbolDraft) -> None:
        """Each rule is like a function; but the only one that gives items, always the same: like a module.

        What a rule takes besides expressions is its last parameter: variadic, and called like the token that
        the rule begins with. A rule that gives no expression returns nothing that is known.
        """
        rules = [child for child in node.children if child.kind_id == _RULE]
        for rule in rules:
            matcher, body = rule.child_by_field_name("left"), rule.child_by_field_name("right")
            if matcher is None or body is None:
                continue
            if len(rules) == 1 and self._module(matcher, body, draft):
                return
            self._function(matcher, body, draft)

    def _module(self, matcher: Node, body: Node, draft: SymbolDraft) -> bool:
        """A macro that gives items which do not depend on what it takes; whether it is one."""
        walk = self.walk
        found: list[Node] = []
        if walk.macro_depth < MAX_NESTING and not self._depends(body, self._metavariables(matcher)):
            found = as_items(walk.source, body)
        if any(each.kind_id in ITEMS for each in found):
            draft.scope = walk.scope = walk.tables.scope(ScopeKind.MODULE, walk.scope, walk.symbol, {})
            walk.macro_depth += 1
            self.reader.items.run(found)
            walk.macro_depth -= 1
        return draft.scope != NOTHING

    def _function(self, matcher: Node, body: Node, draft: SymbolDraft) -> None:
        walk = self.walk
        signature, number = walk.new_signature(walk.symbol)
        draft.signatures = (*draft.signatures, number)
        signature.scope = walk.tables.scope(ScopeKind.FUNCTION, walk.scope, walk.symbol, {})
        outer = walk.locals, walk.log, walk.local_scope, walk.signature, walk.silent, walk.scope
        counts = walk.complexity, walk.statements, walk.macro_depth
        walk.locals, walk.log, walk.signature, walk.silent = {}, [], None, True
        walk.local_scope = walk.scope = signature.scope
        for at, name in enumerate(self._metavariables(matcher)):
            signature.parameters.append(Parameter(name, ParameterKind.POSITIONAL_ONLY, 0, 0, False))
            walk.bind(name, BindingKind.PARAMETER, walk.terms[(op.PARAMETER, number, at)])
        if not _is_plain(matcher):
            first = matcher.children[1]
            name = "" if first.is_named else walk.slice(first)
            signature.parameters.append(Parameter(name, ParameterKind.VARIADIC, 0, 0, False))
        expression = self._expression(body)
        if expression is not None:
            walk.macro_depth += 1
            signature.returned[self.reader.read(expression)] = None
        walk.locals, walk.log, walk.local_scope, walk.signature, walk.silent, walk.scope = outer
        walk.complexity, walk.statements, walk.macro_depth = counts

    def _expression(self, body: Node) -> Node | None:
        """The expression that a rule gives."""
        if body.end_byte - body.start_byte > MAX_EXPRESSIONS or self.walk.macro_depth >= MAX_NESTING:
            return None
        expression = as_expression(self.walk.source, [body])
        return None if expression is None or _holds_items(expression) else expression

    def _depends(self, body: Node, names: list[str]) -> bool:
        """Whether a rule uses what it binds, besides in attributes that it repeats."""
        pending = [each for each in body.children if not _is_attribute(each)] if names else []
        while pending:
            node = pending.pop()
            if node.kind_id == METAVARIABLE and self.walk.slice(node) in names:
                return True
            pending.extend(node.children)
        return False

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


def _is_attribute(repetition: Node) -> bool:
    """`$(#[$doc])*`"""
    tokens = named(repetition.children) if repetition.kind_id == REPETITION else []
    return len(tokens) == 1 and repetition.children[2].kind_id == HASH


def _is_plain(matcher: Node) -> bool:
    """Whether a rule takes arguments between separators, and nothing else: ``($a:expr, $b:ty $(,)?)``."""
    tokens = matcher.children[1:-1]
    if tokens and tokens[-1].kind_id == _REPEATED and not named(tokens[-1].children):
        tokens = tokens[:-1]
    return all(
        each.kind_id in SEPARATORS if at % 2 else each.kind_id == _BINDING for at, each in enumerate(tokens)
    )


def _holds_items(expression: Node) -> bool:
    """Whether an expression defines something, besides what it only imports."""
    return expression.kind_id == BLOCK and any(child.kind_id in _DEFINITIONS for child in expression.children)
