"""Declarations of variables, enums, namespaces and modules, and what is exported of them."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, BindingKind, ImportFlag, ScopeKind, SymbolId, TermId
from isg.parsers.source import decoded
from isg.parsers.tables import SymbolDraft
from isg.parsers.typescript.docs import docstring
from isg.parsers.typescript.expected import expect
from isg.parsers.typescript.exports import DEFAULT, WHOLE, Exports
from isg.parsers.typescript.functions import NO_RECEIVER
from isg.parsers.typescript.grammar import (
    ABSTRACT_CLASS,
    ASSIGNMENT,
    BLOCK,
    CLASS,
    CLASS_EXPRESSION,
    COMMENT,
    DECLARATOR,
    DECORATOR,
    FUNCTION_DECLARATIONS,
    IDENTIFIER,
    LEXICAL,
    NESTED_IDENTIFIER,
    PARENTHESIZED,
    STRING,
    TYPE_ANNOTATION,
    VARIABLE,
    kind,
)
from isg.parsers.typescript.readers import Reader, Runner
from isg.parsers.typescript.signature_text import clean_line, variable_signature
from isg.parsers.typescript.walk import Plan, Walk

_ENUM_ASSIGNMENT = kind("enum_assignment")
_AMBIENT = kind("ambient_declaration")
_IMPORT_ALIAS = kind("import_alias")
_CLAUSE = kind("export_clause")
_NAMESPACE_EXPORT = kind("namespace_export")
_CLASSES = frozenset({CLASS, ABSTRACT_CLASS, CLASS_EXPRESSION})


class Declarations:
    """Reads declarations whose names the declarer has found."""

    def __init__(self, walk: Walk, reader: Reader, runner: Runner, exports: Exports) -> None:
        self.walk = walk
        self.reader = reader
        self.runner = runner
        self.exports = exports

    # variables

    def variables(self, node: Node) -> None:
        """``const a = 1, {b} = c``"""
        walk = self.walk
        keyword = node.children[0].type
        for child in node.named_children:
            if walk.kinds[child.kind_id] == DECLARATOR:
                self._declarator(child, keyword, node)

    def _declarator(self, node: Node, keyword: str, statement: Node) -> None:
        walk = self.walk
        name = value_node = annotation = None
        for child in node.children:
            if walk.kinds[child.kind_id] == TYPE_ANNOTATION:
                annotation = child
            elif child.is_named and child.kind_id not in walk.extras:
                name, value_node = (child, value_node) if name is None else (name, child)
        if name is None:
            return
        plan = walk.plans.get(node.start_byte)
        if annotation is None and walk.jsdoc is not None:
            annotation = self.reader.documented.declared(node)
        declared = self._declared(name, annotation, plan) if annotation is not None else 0
        if plan is not None and value_node is not None:
            draft = walk.tables.symbols[plan.symbol]
            draft.doc = docstring(walk, statement)
            draft.start = min(draft.start, self._line_of(statement.start_point[0], draft))
            term = self._valued(value_node, plan.symbol, node, keyword)
        else:
            term = self._value(name, value_node, node, keyword, statement, declared)
        if declared and term:
            expect(walk, term, declared)
        if value_node is not None or walk.kinds[name.kind_id] != IDENTIFIER or keyword != "var":
            self.reader.patterns.bind(name, term, declared)
        else:
            self._redeclare(name, declared)

    def _line_of(self, row: int, draft: SymbolDraft) -> int:
        """The line of a row within the unit of a symbol: a hoisted ``var`` is of another than its value."""
        return row + 1 - self.walk.tables.units[draft.unit]

    def _declared(self, name: Node, annotation: Node, plan: Plan | None) -> TermId:
        """The type of a variable: its members, and what a function mentions there, are of the symbol."""
        walk = self.walk
        slot = walk.slots.get(name.start_byte)
        symbol = walk.tables.bindings[slot[0]].symbol if slot is not None else NOTHING
        owner, referrer = walk.owner, walk.referrer
        if symbol != NOTHING:
            walk.owner = symbol
        if plan is not None:
            walk.owner = walk.referrer = plan.symbol
        declared = self.reader.types.read(annotation)
        walk.owner, walk.referrer = owner, referrer
        return declared

    def _redeclare(self, name: Node, declared: TermId) -> None:
        """``var x;`` leaves the value that x has."""
        walk = self.walk
        slot = walk.slots.get(name.start_byte)
        if slot is not None:
            walk.fill(slot[0], 0, declared)

    def _valued(self, value: Node, symbol: SymbolId, node: Node, keyword: str) -> TermId:
        """``const f = () => …``, ``const C = class {…}``"""
        walk = self.walk
        if walk.kinds[value.kind_id] == CLASS_EXPRESSION:
            self.reader.classes.define(
                value, symbol, node, f"{keyword} {walk.tables.symbols[symbol].name} = "
            )
        else:
            self.reader.functions.named(value, symbol, node, f"{keyword} ", NO_RECEIVER)
        term = walk.terms[(op.SYMBOL, symbol)]
        walk.expectant.add(term)
        return term

    def _value(
        self, name: Node, value: Node | None, node: Node, keyword: str, statement: Node, declared: TermId
    ) -> TermId:
        """The value of a variable; what is defined inside a module's variable stands under its name."""
        walk = self.walk
        slot = walk.slots.get(name.start_byte)
        symbol = walk.tables.bindings[slot[0]].symbol if slot is not None else -1
        if symbol < 0:
            return self.reader.read(value) if value is not None else 0
        draft = walk.tables.symbols[symbol]
        if not draft.signature:
            draft.doc = docstring(walk, statement)
            end = value.start_byte if value is not None else node.end_byte
            head = decoded(walk.text[node.start_byte : end]).rstrip().removesuffix("=")
            draft.signature = f"{keyword} {variable_signature(head, walk.slice(value) if value else '')}"
            draft.heads = (draft.signature,)
            draft.end = max(draft.end, self._line_of(node.end_point[0], draft))
            if value is not None:
                draft.bodies = ((value.start_byte, value.end_byte),)
        walk.doc = None
        if value is None:
            return 0
        owner, walk.owner = walk.owner, symbol
        self.reader.literals.hold(value)
        term = self.reader.read(value)
        walk.owner = owner
        while walk.kinds[value.kind_id] == PARENTHESIZED and len(value.named_children) == 1:
            value = value.named_children[0]
        if walk.kinds[value.kind_id] == ASSIGNMENT:
            self.exports.shared(term, walk.slice(name))
        return term

    # enums

    def enum(self, node: Node) -> None:
        walk = self.walk
        plan = walk.plans.get(node.start_byte)
        body = node.child_by_field_name("body")
        if plan is None or body is None:
            return
        draft = walk.tables.symbols[plan.symbol]
        draft.doc = docstring(walk, node)
        draft.signature = clean_line(decoded(walk.text[node.start_byte : body.start_byte]))
        draft.heads = (draft.signature,)
        draft.bodies = ((body.start_byte, body.end_byte),)
        outer, owner, referrer = walk.scope, walk.owner, walk.referrer
        walk.owner = walk.referrer = plan.symbol
        scope = walk.open(ScopeKind.CLASS, plan.symbol)
        draft.scope = scope.number
        for child in body.named_children:
            number = walk.kinds[child.kind_id]
            if number == COMMENT:
                walk.doc = child
            elif number == _ENUM_ASSIGNMENT and child.named_children:
                value = self.reader.read(child.named_children[-1]) if len(child.named_children) > 1 else 0
                self._enum_member(child.named_children[0], child, scope.number, value)
            elif child.kind_id not in walk.extras:
                self._enum_member(child, child, scope.number, 0)
        walk.scope, walk.owner, walk.referrer = outer, owner, referrer
        walk.fill(plan.binding, walk.terms[(op.SYMBOL, plan.symbol)])

    def _enum_member(self, name: Node, node: Node, scope: int, value: TermId) -> None:
        walk = self.walk
        text = self.reader.members.key(name)
        symbol = walk.define("constant", text, name, node)
        draft = walk.tables.symbols[symbol]
        draft.doc = docstring(walk, node)
        draft.signature = clean_line(walk.slice(node))
        draft.heads = (draft.signature,)
        walk.member(scope, BindingKind.DEFINITION, text, value, 0, symbol)

    # namespaces

    def namespace(self, node: Node) -> None:
        """``namespace A.B {…}``, ``declare module "m" {…}``"""
        walk = self.walk
        name = node.child_by_field_name("name")
        body = node.child_by_field_name("body")
        if name is None:
            return
        names = [name]
        while walk.kinds[names[0].kind_id] == NESTED_IDENTIFIER and len(names[0].named_children) == 2:
            names[:1] = names[0].named_children
        plan = walk.plans.get(node.start_byte)
        if plan is None:
            symbol = walk.define("namespace", walk.slice(name), name, node)
        else:
            symbol = plan.symbol
            walk.fill(plan.binding, walk.terms[(op.SYMBOL, symbol)])
        is_ambient = walk.kinds[name.kind_id] == STRING
        walk.tables.augments = walk.tables.augments or is_ambient
        self._namespace(node, symbol, names[1:], body, is_ambient)

    def _global(self, body: Node) -> None:
        """``declare global {…}`` is no symbol: what it declares stands here and is known everywhere."""
        walk = self.walk
        outer, walk.tables.augments = walk.scope, True
        scope = walk.open(ScopeKind.MODULE, 0)
        scope.is_module = True
        self.exports.open(scope)
        self.reader.declarer.function(body.children, body)
        self.runner.run(body.children)
        self._export_all()
        walk.scope = outer

    def _namespace(
        self, node: Node, symbol: SymbolId, inner: list[Node], body: Node | None, is_ambient: bool
    ) -> None:
        walk = self.walk
        draft = walk.tables.symbols[symbol]
        draft.doc = docstring(walk, node)
        end = body.start_byte if body is not None else node.end_byte
        draft.signature = clean_line(decoded(walk.text[node.start_byte : end]))
        draft.heads = (draft.signature,)
        outer, owner, referrer, ambient = walk.scope, walk.owner, walk.referrer, walk.ambient
        walk.owner = walk.referrer = symbol
        walk.ambient = walk.ambient or is_ambient
        scope = walk.open(ScopeKind.MODULE, symbol)
        scope.is_module = True
        draft.scope = scope.number
        self.exports.open(scope)
        if inner:
            self._nested(node, inner, body)
        elif body is not None:
            draft.bodies = ((body.start_byte, body.end_byte),)
            self.reader.declarer.function(body.children, body)
            self.runner.run(body.children)
            if walk.ambient:
                self._export_all()
        walk.scope, walk.owner, walk.referrer, walk.ambient = outer, owner, referrer, ambient

    def _nested(self, node: Node, names: list[Node], body: Node | None) -> None:
        """The rest of ``A.B.C`` inside A."""
        walk, name = self.walk, self.walk.slice(names[0])
        symbol = walk.define("namespace", name, names[0], node)
        binding = walk.declare(walk.scope, BindingKind.DEFINITION, name, symbol)
        walk.scope.values[name].constant = True
        walk.scope.types[name] = False
        walk.fill(binding, walk.terms[(op.SYMBOL, symbol)])
        self.exports.declared(name)
        self._namespace(node, symbol, names[1:], body, False)

    def _export_all(self) -> None:
        """In an ambient namespace everything is exported, unless something says ``export {…}``."""
        walk = self.walk
        known = walk.tables.scopes[walk.scope.exports].names
        for name in walk.scope.names:
            if name not in known:
                self.exports.declared(name)

    def ambient(self, node: Node) -> None:
        """``declare …``"""
        walk = self.walk
        ambient, walk.ambient = walk.ambient, True
        doc = walk.doc
        for child in node.named_children:
            if walk.kinds[child.kind_id] == BLOCK:
                self._global(child)
            elif child.kind_id not in walk.extras:
                walk.doc = doc
                self.runner.statement(child)
        walk.ambient = ambient

    # exports

    def export(self, node: Node) -> None:
        """``export …`` of all forms."""
        walk = self.walk
        walk.is_script = walk.is_script and walk.scope.parent is not None
        words = [child.type for child in node.children if not child.is_named]
        source = node.child_by_field_name("source")
        module = walk.slice(source)[1:-1] if source is not None else None
        flags = ImportFlag.TYPE_CHECKING if "type" in words else ImportFlag.NONE
        doc = walk.doc
        for child in node.named_children:
            number = walk.kinds[child.kind_id]
            if number == _CLAUSE:
                self.exports.clause(child, module, flags)
                return
            if number == _NAMESPACE_EXPORT and module is not None and child.named_children:
                name = walk.slice(child.named_children[-1])
                self.exports.imported(module, "", name, child, flags)
                return
            if number == DECORATOR:
                continue
        if module is not None:
            self.exports.recorder.add(module, "*", "", node, flags | ImportFlag.REEXPORT)
            return
        if "namespace" in words and "as" in words:
            return
        self._exported(node, words, doc)

    def _exported(self, node: Node, words: list[str], doc: Node | None) -> None:
        walk = self.walk
        decorators = self.reader.classes.decorators(node)
        for child in node.named_children:
            number = walk.kinds[child.kind_id]
            if number == DECORATOR or child.kind_id in walk.extras:
                continue
            walk.doc = doc
            if DEFAULT in words:
                self._default(child, number)
            elif "=" in words:
                self.exports.add(WHOLE, self.reader.read(child))
            else:
                self._declaration(child)
            plan = walk.plans.get(child.start_byte)
            if plan is not None:
                draft = walk.tables.symbols[plan.symbol]
                draft.decorators = (*decorators, *draft.decorators)
                draft.start = node.start_point[0] + 1 - walk.unit_line

    def _declaration(self, node: Node) -> None:
        """Exports every name that a declaration adds to the scope."""
        walk = self.walk
        for name in declared_names(walk, node):
            self.exports.declared(name)
        self.runner.statement(node)

    def _default(self, node: Node, number: int) -> None:
        """``export default`` of a declaration or an expression."""
        walk = self.walk
        plan = walk.plans.get(node.start_byte)
        if plan is not None:
            self.runner.statement(node)
            draft = walk.tables.symbols[plan.symbol]
            draft.modifiers = (*draft.modifiers, "default")
            self.exports.add(DEFAULT, walk.terms[(op.NAME, walk.module_scope().number, draft.name)])
            return
        if number in _CLASSES:
            symbol = walk.define("class", DEFAULT, node, node)
            self.reader.classes.define(node, symbol, node, "")
            walk.tables.symbols[symbol].modifiers += ("default",)
            self.exports.add(DEFAULT, walk.terms[(op.SYMBOL, symbol)], symbol)
            return
        if number in FUNCTION_DECLARATIONS:  # without a name: what it does, its module does
            self.exports.add(DEFAULT, self.reader.functions.expression(node))
            return
        is_type = number == IDENTIFIER and self.exports.is_type(walk.slice(node))
        value = self.exports.local(walk.slice(node), node) if is_type else self.reader.read(node)
        self.exports.add(DEFAULT, value)


def declared_names(walk: Walk, node: Node) -> list[str]:
    """The names that one declaration declares."""
    found: list[str] = []
    number = walk.kinds[node.kind_id]
    if number == _AMBIENT:
        for child in node.named_children:
            found += declared_names(walk, child)
        return found
    if number in (LEXICAL, VARIABLE):
        pending = [child.named_children[0] for child in node.named_children if child.named_children][::-1]
        while pending:
            target = pending.pop()
            slot = walk.slots.get(target.start_byte)
            if target.named_children:
                pending.extend(reversed(target.named_children))
            elif slot is not None:
                found.append(slot[1].name)
        return found
    name = node.child_by_field_name("name")
    if name is None and number == _IMPORT_ALIAS and node.named_children:
        name = node.named_children[0]
    while name is not None and walk.kinds[name.kind_id] == NESTED_IDENTIFIER and name.named_children:
        name = name.named_children[0]
    return [walk.slice(name)] if name is not None and walk.kinds[name.kind_id] != STRING else found
