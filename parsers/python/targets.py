"""Assignment targets: names, attributes, subscripts and patterns of them."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, BindingId, BindingKind, Form, Role, TermId
from isg.parsers.python.flow import Frame
from isg.parsers.python.grammar import ATTRIBUTE, IDENTIFIER, SUBSCRIPT, kinds, named, parts
from isg.parsers.python.readers import Reader
from isg.parsers.python.signature_text import variable_signature
from isg.parsers.python.walk import MAX_DEPTH, Walk
from isg.parsers.tables import SymbolDraft

_WRITE, _NAME, _SELF = Role.WRITE, Form.NAME, Form.SELF  # looking up members of enums is slow

_SEQUENCES = kinds("pattern_list", "tuple_pattern", "list_pattern", "tuple", "list", "expression_list")
_STARRED = kinds("list_splat_pattern", "list_splat")
_WRAPPERS = kinds("parenthesized_expression", "as_pattern_target")


class Targets:
    """Binds targets to values, in the flow and in the tables."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def assign(
        self,
        node: Node,
        value: TermId,
        declared: TermId = 0,
        annotation: Node | None = None,
        written: Node | None = None,
    ) -> None:
        """Binds a target; *annotation* and *written*, its type and value as nodes, are for signatures."""
        kind_id = node.kind_id
        if kind_id == IDENTIFIER:
            self.name(node, value, declared)
        elif kind_id == ATTRIBUTE:
            self._attribute(node, value, declared, annotation, written)
        elif kind_id == SUBSCRIPT:
            owner, _, bracket = self.reader.subscript_parts(node)
            self.walk.imply(owner, "__setitem__", bracket)
            env = self.walk.frame.env
            if env.chains:
                env.forget_chains(f"{self.walk.slice(node.children[0])}[")
        elif kind_id in _SEQUENCES:
            self._unpack(node, value)
        elif kind_id in _STARRED:
            self.assign(parts(node)[-1], self.walk.terms[(op.REST, value)])
        elif kind_id in _WRAPPERS:
            for child in named(node.children):
                self._deeper(child, value)
        elif node.is_named:
            self.reader.read(node)

    def _deeper(self, node: Node, value: TermId) -> None:
        walk = self.walk
        if walk.depth > MAX_DEPTH:
            walk.too_deep(node)
            return
        walk.depth += 1
        self.assign(node, value)
        walk.depth -= 1

    def _unpack(self, node: Node, value: TermId) -> None:
        targets = named(node.children)
        star = next((at for at, target in enumerate(targets) if target.kind_id in _STARRED), len(targets))
        for at, target in enumerate(targets):
            if at == star:
                self._deeper(target, value)
            else:
                position = at if at < star else at - len(targets)
                self._deeper(target, self.walk.terms[(op.ITEM, value, position)])

    def name(self, node: Node, value: TermId, declared: TermId = 0) -> BindingId:
        """Binds a name; a module or class variable bound before is written."""
        walk = self.walk
        number = walk.bind(node.start_byte, value, declared)
        if number != NOTHING:
            binding = walk.tables.bindings[number]
            if binding.symbol != NOTHING and number not in walk.defining:
                walk.refer(walk.use((number,)), binding.name, _WRITE, _NAME, node)
        return number

    def _attribute(
        self, node: Node, value: TermId, declared: TermId, annotation: Node | None, written: Node | None
    ) -> None:
        walk = self.walk
        receiver, name, name_node, form = self.reader.member_parts(node)
        if not name:
            return
        binding, defines = NOTHING, False
        if form is _SELF and walk.frame.self_class is not None:
            owner, _, chain_name = walk.slice(node).rpartition(".")
            if owner.strip() == walk.frame.self_name and chain_name.strip() == name:
                binding, defines = self._field(
                    walk.frame.self_class, name, name_node, value, declared, (annotation, written)
                )
        if not defines:
            term = walk.terms[(op.MEMBER, receiver, name)]
            walk.refer(term, name, _WRITE, form, name_node)
        if self.reader.is_chain(node):
            self._know(node, binding, value, declared)

    def _know(self, node: Node, binding: BindingId, value: TermId, declared: TermId) -> None:
        """From here on the chain has this value."""
        walk = self.walk
        chain = walk.slice(node)
        env = walk.frame.env
        if env.chains:
            env.forget_chains(chain)
        if not value:
            return
        if binding == NOTHING:
            binding = walk.tables.binding(BindingKind.NARROWED, chain, walk.frame.scope, value, declared)
        env.chains[chain] = (binding,)

    def _field(
        self,
        owner: Frame,
        name: str,
        node: Node,
        value: TermId,
        declared: TermId,
        texts: tuple[Node | None, Node | None],
    ) -> tuple[BindingId, bool]:
        """A binding of an attribute in its class, and whether it defines the attribute's symbol."""
        walk = self.walk
        symbol = owner.definitions.get(name, owner.fields.get(name, NOTHING))
        defines = symbol == NOTHING
        if not defines and walk.tables.symbols[symbol].kind == "property":
            return NOTHING, False  # goes through its setter
        if defines:
            line, column = walk.place(node)
            annotation, written = (walk.slice(text) if text is not None else "" for text in texts)
            signature = variable_signature(name, annotation, written)
            draft = SymbolDraft("field", name, owner.symbol, walk.unit, line, column, line, line, signature)
            symbol = owner.fields[name] = walk.tables.symbol(draft)
        number = walk.tables.binding(
            BindingKind.ASSIGNMENT, name, owner.scope, value, declared, symbol, walk.frame.self_instance
        )
        owner.names.setdefault(name, []).append(number)
        return number, defines
