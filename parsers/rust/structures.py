"""Structs, enums and unions: their fields and variants."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, BindingKind, Form, Role, ScopeKind, TermId
from isg.parsers.rust.attributes import Attributes
from isg.parsers.rust.drafts import Drafts, visibility_of
from isg.parsers.rust.generics import Generics
from isg.parsers.rust.grammar import TYPE_PARAMETERS, VISIBILITY, WHERE_CLAUSE, kind, named
from isg.parsers.rust.readers import Reader
from isg.parsers.rust.signature_text import clean_line
from isg.parsers.rust.walk import Walk
from isg.parsers.tables import SymbolDraft

_NAMED_FIELDS = kind("field_declaration_list")
_TUPLE_FIELDS = kind("ordered_field_declaration_list")
_VARIANTS = kind("enum_variant_list")
_FIELD = kind("field_declaration")
_VARIANT = kind("enum_variant")


class Structures:
    """Reads structs, enums and unions. Their fields and variants are bindings of their scope.

    A struct's field is a binding DECLARATION; fields of a tuple are named by their position and are no
    symbols. A variant is a DEFINITION with a scope of its own where it has fields.
    """

    def __init__(self, walk: Walk, reader: Reader, generics: Generics, drafts: Drafts) -> None:
        self.walk = walk
        self.reader = reader
        self.generics = generics
        self.drafts = drafts

    def read(self, node: Node, draft: SymbolDraft, attributes: Attributes) -> None:
        walk = self.walk
        self._derives(draft, attributes)
        head = {child.kind_id: child for child in node.children}
        body = next((head[each] for each in (_NAMED_FIELDS, _TUPLE_FIELDS, _VARIANTS) if each in head), None)
        self.generics.enter(draft, head.get(TYPE_PARAMETERS), head.get(WHERE_CLAUSE))
        draft.scope = walk.scope = walk.tables.scope(ScopeKind.CLASS, walk.scope, walk.symbol, {})
        end = body.start_byte if body is not None and body.kind_id != _TUPLE_FIELDS else node.end_byte
        draft.signature = clean_line(walk.source.slice(node.start_byte, end))
        if body is not None:
            draft.bodies = ((body.start_byte, body.end_byte),)
            self._body(body, draft.kind == "enum")

    def _derives(self, draft: SymbolDraft, attributes: Attributes) -> None:
        """Each derived trait is implemented."""
        walk = self.walk
        for tokens in attributes.derives:
            names = [token for token in tokens if token.is_named]
            term: TermId = 0
            for token in names:
                name = walk.name(token).lstrip("$")
                if term:
                    term = walk.terms[(op.TYPE_MEMBER, term, name)]
                else:
                    absolute = "::" if not tokens[0].is_named else ""
                    term = walk.terms[(op.TYPE_NAME, walk.scope, absolute + name)]
            form = Form.NAME if len(names) == 1 else Form.CHAIN
            walk.refer(term, walk.name(names[-1]), Role.IMPLEMENT, form, names[-1])
            draft.keywords = (*draft.keywords, ("implements", term))

    def _body(self, body: Node, public: bool) -> None:
        if body.kind_id == _TUPLE_FIELDS:
            self._tuple_fields(body)
            return
        for child, attributes in self.drafts.attributed(body.children):
            if child.kind_id == _FIELD:
                self._field(child, attributes, public)
            elif child.kind_id == _VARIANT:
                self._variant(child, attributes)

    def _field(self, node: Node, attributes: Attributes, public: bool) -> None:
        walk = self.walk
        name_node, type_node = node.child_by_field_name("name"), node.child_by_field_name("type")
        if name_node is None or type_node is None:
            return
        draft = self.drafts.draft("field", name_node, node, attributes)
        draft.visibility = "public" if public else visibility_of(walk, node)
        draft.signature = clean_line(walk.slice(node))
        symbol = walk.tables.symbol(draft)
        self._bind(draft.name, self.reader.types.read(type_node), symbol)

    def _tuple_fields(self, node: Node) -> None:
        fields = [child for child in named(node.children) if child.kind_id != VISIBILITY]
        for at, child in enumerate(fields):
            self._bind(str(at), self.reader.types.read(child), NOTHING)

    def _bind(self, name: str, declared: TermId, symbol: int) -> None:
        tables, scope = self.walk.tables, self.walk.scope
        number = tables.binding(BindingKind.DECLARATION, name, scope, 0, declared, symbol, True)
        tables.scopes[scope].names.setdefault(name, []).append(number)

    def _variant(self, node: Node, attributes: Attributes) -> None:
        walk = self.walk
        name_node = node.child_by_field_name("name")
        if name_node is None:
            return
        draft = self.drafts.draft("constant", name_node, node, attributes)
        draft.modifiers = (*draft.modifiers, "variant")
        draft.signature = clean_line(walk.slice(node))
        symbol = walk.tables.symbol(draft)
        walk.define(draft.name, symbol)
        outer = walk.scope, walk.symbol
        for child in node.children:
            if child.kind_id in (_NAMED_FIELDS, _TUPLE_FIELDS):
                draft.scope = walk.tables.scope(ScopeKind.CLASS, walk.scope, symbol, {})
                walk.scope, walk.symbol = draft.scope, symbol
                self._body(child, True)
                walk.scope, walk.symbol = outer
        value = node.child_by_field_name("value")
        if value is not None and walk.use is None:
            self.reader.read(value)
