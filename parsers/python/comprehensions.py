"""Comprehensions and generator expressions: scopes that run where they stand."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import BindingKind, ScopeKind, TermId
from isg.parsers.flow import Environment
from isg.parsers.python.flow import Frame
from isg.parsers.python.grammar import IDENTIFIER, kind, named, parts
from isg.parsers.python.readers import Reader
from isg.parsers.python.targets import Targets
from isg.parsers.python.walk import Walk

_FOR = kind("for_in_clause")
_IF = kind("if_clause")
_PAIR = kind("pair")


class Comprehensions:
    """Reads comprehensions. Their scope sees the bindings that reach them, as they run at once."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader
        self.targets = Targets(walk, reader)

    def handlers(self) -> dict[str, Callable[[Node], TermId]]:
        return {
            "list_comprehension": lambda node: self._single(op.COLLECT, node),
            "set_comprehension": lambda node: self._single(op.SET, node),
            "generator_expression": lambda node: self._single(op.GENERATOR, node),
            "dictionary_comprehension": self._dictionary,
        }

    def _single(self, operator: int, node: Node) -> TermId:
        values = self._read(node)
        return self.walk.terms[(operator, values[0])]

    def _dictionary(self, node: Node) -> TermId:
        values = self._read(node)
        return self.walk.terms[(op.DICT, *values)] if len(values) == 2 else 0

    def _read(self, node: Node) -> list[TermId]:
        walk, outer = self.walk, self.walk.frame
        children = named(node.children)
        body, clauses = children[0], children[1:]
        first = self._iterated(clauses[0]) if clauses and clauses[0].kind_id == _FOR else 0
        walk.frame = self._frame(outer)
        for at, clause in enumerate(clauses):
            if clause.kind_id == _FOR:
                self._for(clause, first if at == 0 else self._iterated(clause))
            elif clause.kind_id == _IF:
                walk.complexity += 1
                outcome = self.reader.conditions.test(parts(clause)[-1])
                walk.frame.env = self.reader.conditions.behind(walk.frame.env, outcome.true)
            else:
                self.reader.read(clause)
        if body.kind_id == _PAIR:
            values = [self.reader.read(child) for child in named(body.children)]
        else:
            values = [self.reader.read(body)]
        walk.frame = outer
        return values

    def _frame(self, outer: Frame) -> Frame:
        names: dict[str, list[int]] = {}
        scope = self.walk.tables.scope(ScopeKind.FUNCTION, outer.scope, self.walk.referrer, names)
        frame = Frame(outer, scope, self.walk.referrer, names)
        frame.is_function = frame.is_inline = True
        frame.signature = outer.signature
        frame.redirected = outer.redirected
        frame.inherit_self(outer)
        # the names of a class body are not seen from scopes inside it
        frame.env = Environment({}, {}) if outer.is_class else outer.env.fork()
        return frame

    def _iterated(self, clause: Node) -> TermId:
        """The term of an element of what a for clause iterates."""
        children = parts(clause)
        is_async = children[0].type == "async"
        value = self.reader.read(children[-1])
        self.walk.imply(value, "__aiter__" if is_async else "__iter__", children[-1])
        return self.walk.terms[(op.AITER if is_async else op.ITER, value)]

    def _for(self, clause: Node, element: TermId) -> None:
        self.walk.complexity += 1
        target = clause.child_by_field_name("left")
        if target is not None:
            self._declare(target)
            self.targets.assign(target, element)

    def _declare(self, target: Node) -> None:
        """Comprehension targets are found when they are met: nothing before them can read them."""
        pending = [target]
        walk = self.walk
        while pending:
            node = pending.pop()
            if node.kind_id == IDENTIFIER:
                name = walk.slice(node)
                number = walk.tables.binding(BindingKind.LOOP, name, walk.frame.scope)
                walk.frame.names.setdefault(name, []).append(number)
                walk.slots[node.start_byte] = number
            elif node.type.endswith(("pattern", "pattern_list", "tuple", "list", "splat")):
                pending.extend(reversed(node.children))
