"""Classes: heads, fields, methods, accessors, static blocks, decorators."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import BindingKind, ReferenceFlag, Role, ScopeKind, SymbolId, TermId
from isg.parsers.source import decoded
from isg.parsers.typescript.docs import docstring
from isg.parsers.typescript.expected import expect
from isg.parsers.typescript.functions import Receiver, head_start
from isg.parsers.typescript.grammar import (
    ABSTRACT_METHOD,
    BLOCK,
    CALL,
    COMMENT,
    DECORATOR,
    EXTENDS,
    FIELD,
    FUNCTIONS,
    HERITAGE,
    IDENTIFIER,
    IMPLEMENTS,
    MEMBER,
    METHOD,
    METHOD_SIGNATURE,
    STATIC_BLOCK,
    TYPE_ANNOTATION,
    TYPE_ARGUMENTS,
    TYPE_PARAMETERS,
    kind,
    texts,
)
from isg.parsers.typescript.readers import Reader
from isg.parsers.typescript.scopes import Frame, Scope
from isg.parsers.typescript.signature_text import clean_line, variable_signature
from isg.parsers.typescript.type_parameters import enter_type_parameters, names_of
from isg.parsers.typescript.walk import Plan, Walk

_BODY = kind("class_body")
_ACCESSIBILITY = kind("accessibility_modifier")
_OVERRIDE = kind("override_modifier")
_INDEX = kind("index_signature")
_MODIFIERS = ("static", "abstract", "readonly", "declare", "accessor")
_METHODS = frozenset({METHOD, METHOD_SIGNATURE, ABSTRACT_METHOD})
_DECORATING = ReferenceFlag.DECORATOR.value


class Classes:
    """Reads class declarations and expressions."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def declaration(self, node: Node) -> None:
        walk = self.walk
        plan = walk.plans.get(node.start_byte)
        if plan is None:
            self.expression(node)
            return
        self.define(node, plan.symbol, node, "")
        walk.fill(plan.binding, walk.terms[(op.SYMBOL, plan.symbol)])

    def expression(self, node: Node) -> TermId:
        """A class that stands where a value does; its name, if any, is known inside it only."""
        walk = self.walk
        name = node.child_by_field_name("name")
        place = name if name is not None else node
        symbol = walk.define("class", walk.slice(name) if name is not None else "<class>", place, node)
        self.define(node, symbol, node, "")
        return walk.terms[(op.SYMBOL, symbol)]

    def define(self, node: Node, symbol: SymbolId, whole: Node, prefix: str) -> None:
        """Reads a class; *whole* is its definition, *prefix* what its signature begins with."""
        walk = self.walk
        draft = walk.tables.symbols[symbol]
        draft.doc = draft.doc or docstring(walk, whole)
        draft.decorators = self.decorators(node)
        outer, owner, referrer, statements = walk.scope, walk.owner, walk.referrer, walk.statements
        walk.owner = walk.referrer = symbol
        own_name = node.child_by_field_name("name")
        if own_name is not None and walk.find(walk.slice(own_name)) is None:
            self.reader.functions.own_name(own_name, walk.open(ScopeKind.BLOCK, symbol), symbol)
        body: Node | None = None
        comment = self.reader.documented.around(node) if walk.jsdoc is not None else None
        if comment is not None and (templates := self.reader.documented.enter_templates(comment)) is not None:
            draft.type_parameters = names_of(templates)
        for child in node.children:
            number = walk.kinds[child.kind_id]
            if number == TYPE_PARAMETERS:
                draft.type_parameters = names_of(enter_type_parameters(walk, self.reader, child))
            elif number == HERITAGE:
                self._heritage(child, symbol)
                if comment is not None:
                    draft.bases = tuple(self.reader.documented.base(comment, base) for base in draft.bases)
            elif number == _BODY:
                body = child
        if any(child.type == "abstract" for child in node.children[:4]):
            draft.modifiers = (*draft.modifiers, "abstract")
        scope = walk.open(ScopeKind.CLASS, symbol)
        draft.scope = scope.number
        end = body.start_byte if body is not None else node.end_byte
        start = head_start(walk, node)
        draft.signature = prefix + clean_line(decoded(walk.text[start:end]))
        draft.heads = (draft.signature,)
        if body is not None:
            draft.bodies = ((body.start_byte, body.end_byte),)
            ClassBody(walk, self.reader, symbol, scope).read(body)
        draft.statements = walk.statements - statements
        walk.scope, walk.owner, walk.referrer = outer, owner, referrer

    def _heritage(self, node: Node, symbol: SymbolId) -> None:
        """``extends expression<T> implements A, B<C>``"""
        walk = self.walk
        draft = walk.tables.symbols[symbol]
        for clause in node.named_children:
            number = walk.kinds[clause.kind_id]
            if number == EXTENDS:
                base = 0
                for child in clause.named_children:
                    if walk.kinds[child.kind_id] == TYPE_ARGUMENTS:
                        base = self.reader.types.applied(base, child)
                    elif child.kind_id not in walk.extras:
                        base = self.reader.head(child, Role.INHERIT)
                draft.bases = (*draft.bases, base)
            elif number == IMPLEMENTS:
                draft.keywords = tuple(
                    ("implements", self.reader.types.head(child, Role.IMPLEMENT))
                    for child in clause.named_children
                    if child.kind_id not in walk.extras
                )

    # decorators

    def decorators(self, node: Node) -> tuple[TermId, ...]:
        """The decorators among the children of a node, read in the scope around it."""
        kinds = self.walk.kinds
        return tuple(self.decorator(child) for child in node.children if kinds[child.kind_id] == DECORATOR)

    def decorator(self, node: Node) -> TermId:
        """``@d``, ``@a.d``, ``@d(x)``"""
        walk = self.walk
        inner = [child for child in node.named_children if child.kind_id not in walk.extras]
        if not inner:
            return 0
        number = walk.kinds[inner[0].kind_id]
        if number == IDENTIFIER:
            return self.reader.names.mention(inner[0], Role.DECORATE)
        if number == MEMBER:
            return self.reader.members.mention(inner[0], Role.DECORATE)
        if number == CALL:
            return self.reader.calls.call(inner[0], _DECORATING)
        return self.reader.read(inner[0])


class ClassBody:
    """Reads the members of one class."""

    def __init__(self, walk: Walk, reader: Reader, symbol: SymbolId, scope: Scope) -> None:
        self.walk = walk
        self.reader = reader
        self.symbol = symbol
        self.scope = scope
        self._methods: dict[tuple[str, bool], Plan] = {}
        terms = walk.terms
        self._instance = Receiver(terms[(op.RECEIVER, symbol)], terms[(op.SUPER, symbol, -1)], scope.number)
        self._static = Receiver(terms[(op.SYMBOL, symbol)], terms[(op.SUPER, symbol, -2)])
        self._decorators: list[TermId] = []

    def read(self, body: Node) -> None:
        """Declares all members, then reads them: methods may write fields that stand below."""
        walk = self.walk
        children = body.children
        for child in children:
            number = walk.kinds[child.kind_id]
            if number in _METHODS:
                self._declare_method(child)
            elif number == FIELD:
                self._declare_field(child)
        for child in children:
            number = walk.kinds[child.kind_id]
            if number == COMMENT:
                walk.doc = child
                continue
            if number in _METHODS:
                self._method(child)
            elif number == FIELD:
                self._field(child)
            elif number == STATIC_BLOCK:
                self._static_block(child)
            elif number == DECORATOR:
                self._decorators.append(self.reader.classes.decorator(child))
            elif number == _INDEX:
                self.reader.interfaces.index_signature(child, self.scope)
            elif child.is_named:
                self.reader.read(child)
        walk.doc = None

    # declaring

    def _declare_method(self, node: Node) -> None:
        walk = self.walk
        name_node = node.child_by_field_name("name")
        if name_node is None:
            return
        name, words = self._plain_name(name_node), texts(node.children)
        key = (name, "static" in words)
        known = self._methods.get(key)
        if known is None:
            symbol = walk.define(_method_kind(name, words), name, name_node, node)
            term = walk.terms[(op.SYMBOL, symbol)]
            binding = walk.member(self.scope.number, BindingKind.DEFINITION, name, term, 0, symbol)
            known = self._methods[key] = Plan(symbol, binding)
        if walk.kinds[node.kind_id] != METHOD_SIGNATURE and not words & {"get", "set"}:
            known.last = node.start_byte
        walk.plans[node.start_byte] = known

    def _declare_field(self, node: Node) -> None:
        walk = self.walk
        name_node = node.child_by_field_name("name")
        if name_node is None:
            return
        value = node.child_by_field_name("value")
        is_function = value is not None and walk.kinds[value.kind_id] in FUNCTIONS
        name = self._plain_name(name_node)
        symbol = walk.define("method" if is_function else "field", name, name_node, node)
        is_static = "static" in texts(node.children)
        binding = walk.member(
            self.scope.number, BindingKind.DECLARATION, name, 0, 0, symbol, instance=not is_static
        )
        walk.plans[node.start_byte] = Plan(symbol, binding)

    def _plain_name(self, node: Node) -> str:
        """A member's name, without references for what is computed."""
        references = self.walk.tables.references
        before = len(references)
        name = self.reader.members.key(node)
        del references[before:]
        return name

    # reading

    def _method(self, node: Node) -> None:
        walk = self.walk
        plan = walk.plans.get(node.start_byte)
        if plan is None:
            return
        draft = walk.tables.symbols[plan.symbol]
        words = texts(node.children)
        self._describe(node, plan.symbol, words)
        name_node = node.child_by_field_name("name")
        if name_node is not None:
            self.reader.members.key(name_node)
        receiver = self._static if "static" in words else self._instance
        if walk.kinds[node.kind_id] != METHOD:
            self.reader.functions.overload(node, plan.symbol)
        elif words & {"get", "set"}:
            self.reader.functions.accessor(node, plan.symbol, receiver)
        else:
            self.reader.functions.named(node, plan.symbol, node, "", receiver)
        if node.start_byte == plan.last:
            self.reader.functions.stand(draft, node, node)

    def _field(self, node: Node) -> None:
        walk = self.walk
        plan = walk.plans.get(node.start_byte)
        if plan is None:
            return
        draft = walk.tables.symbols[plan.symbol]
        words = texts(node.children)
        self._describe(node, plan.symbol, words)
        draft.decorators += self.reader.classes.decorators(node)
        declared, value_node = 0, node.child_by_field_name("value")
        end = node.end_byte
        for child in node.children:
            if walk.kinds[child.kind_id] == TYPE_ANNOTATION:
                declared = self.reader.types.read(child)
                end = child.end_byte
        if walk.jsdoc is not None and (documented := self.reader.documented.declared(node)) is not None:
            declared = self.reader.types.read(documented)
        receiver = self._static if "static" in words else self._instance
        term = 0
        if value_node is not None and draft.kind == "method":
            self.reader.functions.named(value_node, plan.symbol, node, "", receiver)
            term = walk.terms[(op.SYMBOL, plan.symbol)]
            walk.expectant.add(term)
        elif value_node is not None:
            term = self._value(value_node, receiver)
        if declared and term:
            expect(walk, term, declared)
        if draft.kind == "field":
            head = decoded(walk.text[head_start(walk, node) : value_node.start_byte if value_node else end])
            draft.signature = variable_signature(head, walk.slice(value_node) if value_node else "")
            draft.heads = (draft.signature,)
            draft.doc = docstring(walk, node)
        walk.doc = None
        walk.fill(plan.binding, term, declared)

    def _value(self, node: Node, receiver: Receiver) -> TermId:
        """The initializer of a field runs as if in a method."""
        walk = self.walk
        outer = walk.frame
        walk.frame = Frame(outer)
        walk.frame.this, walk.frame.super, walk.frame.members = receiver
        scope = walk.scope
        walk.scope = Scope(scope.number, scope, walk.frame, {})
        term = self.reader.read(node)
        walk.frame, walk.scope = outer, scope
        return term

    def _static_block(self, node: Node) -> None:
        walk = self.walk
        outer, scope = walk.frame, walk.scope
        walk.frame = Frame(outer)
        walk.frame.this, walk.frame.super, walk.frame.members = self._static
        walk.open(ScopeKind.FUNCTION, self.symbol)
        for child in node.named_children:
            if walk.kinds[child.kind_id] == BLOCK:
                self.reader.declarer.function(child.children, child)
                self.reader.runner.run(child.children)
        walk.frame, walk.scope = outer, scope

    def _describe(self, node: Node, symbol: SymbolId, words: set[str]) -> None:
        """Modifiers and visibility, and the decorators that stood before."""
        walk = self.walk
        draft = walk.tables.symbols[symbol]
        modifiers = [word for word in _MODIFIERS if word in words and word not in draft.modifiers]
        for child in node.children:
            number = walk.kinds[child.kind_id]
            if number == _ACCESSIBILITY:
                draft.visibility = walk.slice(child)
            elif number == _OVERRIDE and "override" not in draft.modifiers:
                modifiers.append("override")
        if "?" in words and "optional" not in draft.modifiers:
            modifiers.append("optional")
        if draft.name.startswith("#"):
            draft.visibility = "private"
        draft.modifiers += tuple(modifiers)
        draft.decorators += tuple(self._decorators)
        self._decorators.clear()


def _method_kind(name: str, words: set[str]) -> str:
    if words & {"get", "set"}:
        return "property"
    return "constructor" if name == "constructor" and "static" not in words else "method"
