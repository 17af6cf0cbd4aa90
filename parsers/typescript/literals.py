"""Literals: strings, templates, numbers, arrays, and objects with their methods."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import (
    NOTHING,
    BindingId,
    BindingKind,
    Role,
    ScopeId,
    ScopeKind,
    SignatureId,
    SymbolId,
    TermId,
)
from isg.parsers.source import decoded
from isg.parsers.terms import DECLARING
from isg.parsers.typescript.docs import docstring
from isg.parsers.typescript.expected import as_tuple, hold
from isg.parsers.typescript.functions import NO_RECEIVER, Receiver
from isg.parsers.typescript.grammar import (
    ARROW,
    COMMENT,
    FUNCTIONS,
    METHOD,
    OBJECT,
    PAIR,
    SHORTHAND,
    SPREAD,
    SUBSTITUTION,
    kinds,
    texts,
)
from isg.parsers.typescript.readers import Reader
from isg.parsers.typescript.signature_text import alias_signature
from isg.parsers.typescript.walk import Walk

_WRAPPERS = kinds("as_expression", "satisfies_expression", "parenthesized_expression")
MAX_STRING = 64
MAX_INTEGER_DIGITS = 9
MAX_ELEMENTS = 64  # of an array or object: what follows is read, but stands in no term


class Literals:
    """Reads literals."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def begin(self) -> None:
        """A file begins: these are among its first terms."""
        terms = self.walk.terms
        self._string = terms[(op.LITERAL, "string")]
        self._number = terms[(op.LITERAL, "number")]
        self._bigint = terms[(op.LITERAL, "bigint")]
        self._true = terms[(op.LITERAL, "true")]
        self._false = terms[(op.LITERAL, "false")]
        self._null = terms[(op.LITERAL, "null")]
        self._undefined = terms[(op.LITERAL, "undefined")]
        self._regexp = terms[(op.ANNOTATION, terms[(op.TYPE_NAME, 0, "RegExp")])]

    def handlers(self) -> dict[str, Callable[[Node], TermId]]:
        return {
            "string": self.string,
            "template_string": self.template,
            "number": self.number,
            "regex": lambda node: self._regexp,
            "true": lambda node: self._true,
            "false": lambda node: self._false,
            "null": lambda node: self._null,
            "undefined": lambda node: self._undefined,
            "array": self.array,
            "object": self.object,
        }

    def string(self, node: Node) -> TermId:
        """A short plain string is its value."""
        start, end = node.start_byte, node.end_byte
        value = self.walk.text[start + 1 : end - 1]
        if end - start <= MAX_STRING + 2 and "\\" not in value:
            return self.walk.terms[(op.STRING, decoded(value))]
        return self._string

    def template(self, node: Node) -> TermId:
        if all(self.walk.kinds[child.kind_id] != SUBSTITUTION for child in node.named_children):
            return self.string(node)
        self.substitutions(node)
        return self._string

    def substitutions(self, node: Node) -> list[TermId]:
        """The values that stand in a template."""
        kinds, read = self.walk.kinds, self.reader.read
        return [
            read(inner)
            for child in node.named_children
            if kinds[child.kind_id] == SUBSTITUTION
            for inner in child.named_children
        ]

    def number(self, node: Node) -> TermId:
        text = self.walk.slice(node)
        if len(text) <= MAX_INTEGER_DIGITS and text.isdigit() and text.isascii():
            return self.walk.terms[(op.INTEGER, int(text))]
        return self._bigint if text.endswith("n") else self._number

    def array(self, node: Node) -> TermId:
        walk, read = self.walk, self.reader.read
        children = [child for child in node.named_children if child.kind_id not in walk.extras]
        elements = [as_tuple(walk, read(child)) for child in children]
        parts = tuple(elements[:MAX_ELEMENTS])
        return hold(walk, walk.terms[(op.LIST, *parts)], parts)

    # objects

    def object(self, node: Node) -> TermId:
        """An object literal; its methods are symbols, and their ``this`` is the object."""
        walk, kinds = self.walk, self.walk.kinds
        pairs: list[str | TermId] = []
        methods: list[tuple[BindingId, SignatureId]] = []
        accessors: dict[str, SymbolId] = {}
        scope = NOTHING
        if node.start_byte == walk.held:
            scope = walk.tables.scope(ScopeKind.CLASS, walk.module_scope().number, 0, {})
            pairs = [DECLARING, walk.terms[(op.LITERAL, str(scope))]]
        for child in node.children:
            number = kinds[child.kind_id]
            if number == PAIR:
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is None or value is None:
                    self.reader.anything(child)
                elif kinds[value.kind_id] in FUNCTIONS:
                    pairs += self._function(child, key, value, methods)
                elif scope != NOTHING:
                    pairs += self._field(child, key, value, scope)
                else:
                    pairs += (self._name(key), self.reader.read(value))
                walk.doc = None
            elif number == METHOD:
                pairs += self._method(child, methods, accessors)
            elif number == SHORTHAND:
                pairs += (walk.slice(child), self.reader.names.mention(child, Role.READ))
            elif number == SPREAD:
                pairs += ("...", self._spread(child))
            elif number == COMMENT:
                walk.doc = child
            elif child.is_named:
                self.reader.read(child)
        pairs = pairs[: 2 * MAX_ELEMENTS]
        term = hold(walk, walk.terms[(op.OBJECT, *pairs)], tuple(int(each) for each in pairs[1::2]))
        for binding, signature in methods:
            walk.fill(binding, term, scope=walk.tables.signatures[signature].scope)
        return term

    def hold(self, node: Node) -> None:
        """The properties of an object that a variable of the module holds are symbols."""
        kinds = self.walk.kinds
        while kinds[node.kind_id] in _WRAPPERS and node.named_children:
            node = node.named_children[0]
        if kinds[node.kind_id] == OBJECT:
            self.walk.held = node.start_byte

    def _field(self, node: Node, key: Node, value: Node, scope: ScopeId) -> tuple[str, TermId]:
        """``name: value`` in an object that a variable holds."""
        walk, name = self.walk, self._name(key)
        if name == "[]":
            return name, self.reader.read(value)
        symbol = walk.define("field", self.reader.members.key(key), key, node)
        draft = walk.tables.symbols[symbol]
        draft.doc = docstring(walk, node)
        draft.signature = alias_signature(f"{walk.slice(key)}:", walk.slice(value))
        draft.heads = (draft.signature,)
        owner, walk.owner = walk.owner, symbol
        self.hold(value)
        term = self.reader.read(value)
        walk.owner = owner
        walk.member(scope, BindingKind.DECLARATION, name, term, 0, symbol, instance=True)
        return name, term

    def _name(self, key: Node) -> str:
        """The name of a property; one that is computed may be any."""
        name = self.reader.members.key(key)
        return "[]" if name.startswith("[") and not name.startswith("[Symbol.") else name

    def _spread(self, node: Node) -> TermId:
        inner = node.named_children
        return self.reader.read(inner[-1]) if inner else 0

    def _this(self) -> BindingId:
        """The pseudo-binding that ``this`` is in a method of an object that is not read to its end."""
        return self.walk.tables.binding(BindingKind.NARROWED, "this", self.walk.scope.number)

    def _function(
        self, node: Node, key: Node, value: Node, methods: list[tuple[BindingId, SignatureId]]
    ) -> tuple[str, TermId]:
        """``name: () => …``, ``name: function () {…}``"""
        walk = self.walk
        name = self.reader.members.key(key)
        symbol = walk.define("method", name, key, node)
        if walk.kinds[value.kind_id] == ARROW:
            self.reader.functions.named(value, symbol, node, "", NO_RECEIVER)
        else:
            this = self._this()
            receiver = Receiver(walk.use((this,)))
            methods.append((this, self.reader.functions.named(value, symbol, node, "", receiver)))
        return self._member(name, symbol)

    def _method(
        self, node: Node, methods: list[tuple[BindingId, SignatureId]], accessors: dict[str, SymbolId]
    ) -> tuple[str | TermId, ...]:
        """``name() {…}``, ``get name() {…}``; a getter and its setter are one."""
        walk = self.walk
        name_node = node.child_by_field_name("name")
        if name_node is None:
            return ()
        name = self.reader.members.key(name_node)
        this = self._this()
        receiver = Receiver(walk.use((this,)))
        if not texts(node.children) & {"get", "set"}:
            symbol = walk.define("method", name, name_node, node)
            methods.append((this, self.reader.functions.named(node, symbol, node, "", receiver)))
            return self._member(name, symbol)
        known = accessors.get(name, NOTHING)
        symbol = walk.define("property", name, name_node, node) if known == NOTHING else known
        methods.append((this, self.reader.functions.accessor(node, symbol, receiver)))
        if known != NOTHING:
            return ()
        accessors[name] = symbol
        return self._member(name, symbol)

    def _member(self, name: str, symbol: SymbolId) -> tuple[str, TermId]:
        term = self.walk.terms[(op.SYMBOL, symbol)]
        self.walk.expectant.add(term)
        return name, term
