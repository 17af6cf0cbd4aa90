"""The types that JSDoc gives to functions, variables and expressions of JavaScript, and those that it names.

Rules: the TypeScript handbook, "JSDoc Reference".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import (
    NOTHING,
    BindingId,
    BindingKind,
    ImportFlag,
    Parameter,
    ParameterKind,
    ScopeKind,
    SignatureId,
    SymbolId,
    TermId,
)
from isg.parsers.tables import SignatureDraft, SymbolDraft
from isg.parsers.typescript.grammar import ASSIGNMENT, DECLARATOR, LEXICAL, VARIABLE, kind, kinds
from isg.parsers.typescript.jsdoc import Comment, Tag
from isg.parsers.typescript.readers import Reader
from isg.parsers.typescript.scopes import Frame, Scope
from isg.parsers.typescript.signature_text import alias_signature
from isg.parsers.typescript.walk import Walk

if TYPE_CHECKING:
    from isg.parsers.typescript.exports import Exports

_HOLDING = kinds(
    "export_statement", "expression_statement", "parenthesized_expression", "pair", "public_field_definition"
) | {ASSIGNMENT, DECLARATOR, LEXICAL, VARIABLE}
_GENERIC = kind("generic_type")
_SIGNING = frozenset({"param", "returns", "this", "template"})


class Documented:
    """Reads what the comments of a JavaScript file say of types."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    # what a comment is about

    def comment(self, node: Node) -> Comment | None:
        """The comment just before a node, or before the statement that begins with it."""
        jsdoc = self.walk.jsdoc
        return None if jsdoc is None else jsdoc.comments.get(node.start_byte)

    def around(self, node: Node) -> Comment | None:
        """The comment about a node: before it, or before the statement or member that it is the value of."""
        jsdoc, kinds_ = self.walk.jsdoc, self.walk.kinds
        if jsdoc is None:
            return None
        current: Node | None = node
        while current is not None:
            found = jsdoc.comments.get(current.start_byte)
            if found is not None:
                return found
            current = current.parent
            if current is None or kinds_[current.kind_id] not in _HOLDING:
                return None
        return None

    def declared(self, node: Node) -> Node | None:
        """The type that ``@type {T}`` gives to what is declared here."""
        comment = self.around(node)
        tag = comment.first("type") if comment is not None else None
        return tag.type if tag is not None else None

    def asserted(self, node: Node) -> TermId:
        """The type of ``/** @type {T} */ (x)``; 0 for any other expression in parentheses."""
        comment = self.comment(node)
        tag = comment.first("type") if comment is not None else None
        return self.reader.types.read(tag.type) if tag is not None and tag.type is not None else 0

    # functions

    def signed(self, node: Node) -> Comment | None:
        """The comment that says something of a function's signature."""
        comment = self.around(node)
        if comment is None or not any(tag.kind in _SIGNING for tag in comment.tags):
            return None
        return None if any(tag.kind in ("typedef", "callback") for tag in comment.tags) else comment

    def enter_templates(self, comment: Comment) -> Scope | None:
        """Opens the scope of ``@template T``; None where there are none."""
        walk, tags = self.walk, [tag for tag in comment.all("template") if tag.name]
        if not tags:
            return None
        scope = walk.open(ScopeKind.TYPE_PARAMETERS, walk.referrer)
        bound = [
            (walk.declare_type(scope, BindingKind.TYPE_PARAMETER, tag.name, is_parameter=True), tag)
            for tag in tags
        ]
        for number, tag in bound:
            if tag.type is not None:
                walk.fill(number, 0, self.reader.types.read(tag.type))
        return scope

    def parameter(self, comment: Comment, name: str, position: int, *, is_rest: bool) -> TermId:
        """The type of a parameter: that of its name, else, of a pattern, that of its position."""
        if name:
            tag = comment.parameter.get(name)
        else:
            tag = comment.parameters[position] if position < len(comment.parameters) else None
        if tag is None:
            return 0
        if tag.type is None:
            members = _members(comment.parts.get(tag.name, []), f"{tag.name}.")
            return self._object(members, self.walk.owner) if members else 0
        type_, terms = self.reader.types.read(tag.type), self.walk.terms
        if is_rest and tag.is_rest:
            return terms[(op.INDEX, terms[(op.TYPE_NAME, 0, "Array")], type_)]
        return type_

    def returns(self, comment: Comment, draft: SignatureDraft, number: SignatureId) -> TermId:
        """The return type; ``x is T`` is a boolean that narrows the argument for parameter x."""
        tag = comment.first("returns")
        type_ = self.reader.types.read(tag.type) if tag is not None and tag.type is not None else 0
        if tag is None or not tag.subject:
            return type_
        terms = self.walk.terms
        position = next((at for at, each in enumerate(draft.parameters) if each.name == tag.subject), NOTHING)
        if position == NOTHING:
            return terms[(op.LITERAL, "boolean")]
        return terms[
            (op.NARROW, terms[(op.PARAMETER, number, position)], type_ or terms[(op.LITERAL, "true")])
        ]

    def receiver(self, comment: Comment, draft: SignatureDraft, frame: Frame) -> None:
        """``@this {T}``"""
        tag = comment.first("this")
        if tag is not None and tag.type is not None:
            type_ = self.reader.types.read(tag.type)
            draft.parameters.append(Parameter("this", ParameterKind.KEYWORD_ONLY, type_, 0, False))
            frame.this = self.walk.terms[(op.ANNOTATION, type_)]

    # classes

    def base(self, comment: Comment, base: TermId) -> TermId:
        """``@extends {Base<T>}`` gives the class above its type arguments."""
        tag = comment.first("extends")
        if tag is None or tag.type is None or self.walk.kinds[tag.type.kind_id] != _GENERIC:
            return base
        return self.reader.types.applied(base, tag.type.named_children[-1])

    # types with names

    def imports(self) -> None:
        """``@import`` declares names as an import statement does."""
        for node in self.walk.jsdoc.imports if self.walk.jsdoc is not None else ():
            self.reader.declarer.block([node])
            self.reader.imports.statement(node, ImportFlag.TYPE_CHECKING)

    def name_types(self, exports: Exports) -> None:
        """``@typedef`` and ``@callback`` define types of the module, which exports them."""
        jsdoc, walk = self.walk.jsdoc, self.walk
        if jsdoc is None:
            return
        named = [
            (comment, tag, self._define(tag))
            for comment, tag in jsdoc.naming()
            if tag.name not in walk.scope.types
        ]
        for comment, tag, (symbol, binding) in named:
            exports.declared(tag.name)
            walk.fill(binding, self._named(comment, tag, symbol))

    def _define(self, tag: Tag) -> tuple[SymbolId, BindingId]:
        symbol = self._symbol("type_alias", tag, tag.name)
        draft = self.walk.tables.symbols[symbol]
        written = self.walk.slice(tag.type) if tag.type is not None else ""
        draft.signature = alias_signature(f"type {tag.name} =", written) if written else f"type {tag.name}"
        draft.heads = (draft.signature,)
        return symbol, self.walk.declare_type(self.walk.scope, BindingKind.DEFINITION, tag.name, symbol)

    def _symbol(self, kind: str, tag: Tag, name: str) -> SymbolId:
        """A symbol whose name stands in a comment, as the last part of what a tag is about."""
        walk = self.walk
        assert walk.jsdoc is not None
        line = walk.jsdoc.line(tag.start) - walk.unit_line
        column = tag.start + len(tag.name) - len(name) - walk.text.rfind("\n", 0, tag.start)
        return walk.tables.symbol(
            SymbolDraft(kind, name, walk.owner, walk.unit, line, column, line, line, signature=name)
        )

    def _named(self, comment: Comment, tag: Tag, symbol: SymbolId) -> TermId:
        walk = self.walk
        outer, owner, referrer = walk.scope, walk.owner, walk.referrer
        walk.owner = walk.referrer = symbol
        scope = self.enter_templates(comment)
        if scope is not None:
            walk.tables.symbols[symbol].type_parameters = tuple(scope.names)
        if tag.kind == "callback":
            term = self._callback(comment)
        elif tag.type is not None:
            term = self.reader.types.read(tag.type)
        else:
            term = self._object(_members(comment.all("property"), ""), symbol)
        walk.scope, walk.owner, walk.referrer = outer, owner, referrer
        return term

    def _callback(self, comment: Comment) -> TermId:
        """The function type that ``@param`` and ``@returns`` of a ``@callback`` describe."""
        draft, number = self.reader.functions.begin(NOTHING)
        for tag in comment.all("param"):
            type_ = self.reader.types.read(tag.type) if tag.type is not None else 0
            kind = ParameterKind.VARIADIC if tag.is_rest else ParameterKind.POSITIONAL
            draft.parameters.append(Parameter(tag.name, kind, type_, 0, True))
        draft.returns = self.returns(comment, draft, number)
        return self.walk.terms[(op.CALLABLE, number)]

    def _object(self, members: list[tuple[str, Tag]], owner: SymbolId) -> TermId:
        """The object type whose members ``@property``, or ``@param`` of ``x.y``, describe."""
        if not members:
            return 0
        walk = self.walk
        outer, scope = walk.scope, walk.open(ScopeKind.CLASS, owner)
        pairs: list[str | TermId] = []
        for name, tag in members:
            declared = self.reader.types.read(tag.type) if tag.type is not None else 0
            field = self._symbol("field", tag, name)
            walk.member(scope.number, BindingKind.DECLARATION, name, 0, declared, field, instance=True)
            pairs += (name, declared)
        walk.scope = outer
        return self.reader.interfaces.object(pairs, scope)


def _members(tags: list[Tag], prefix: str) -> list[tuple[str, Tag]]:
    """The names behind a prefix, with their tags."""
    named = ((tag.name[len(prefix) :], tag) for tag in tags if tag.name.startswith(prefix))
    return [(name, tag) for name, tag in named if name and "." not in name and "[" not in name]
