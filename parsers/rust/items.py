"""Items: definitions in files, modules, traits, impl blocks and blocks."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, Binding, BindingKind, ScopeKind, TermId
from isg.parsers.rust.attributes import Attributes
from isg.parsers.rust.docs import is_inner, outer_line, paragraph
from isg.parsers.rust.drafts import Drafts, visibility_of
from isg.parsers.rust.functions import Functions
from isg.parsers.rust.generics import Generics
from isg.parsers.rust.grammar import (
    COMMENTS,
    DECLARATION_LIST,
    EXPRESSION_STATEMENT,
    GRAMMAR,
    INNER_ATTRIBUTE,
    ITEMS,
    MACRO_INVOCATION,
    TYPE_PARAMETERS,
    WHERE_CLAUSE,
    kind,
)
from isg.parsers.rust.implementations import Implementations
from isg.parsers.rust.macro_rules import MacroRules
from isg.parsers.rust.readers import Reader
from isg.parsers.rust.signature_text import clean_line, value_signature
from isg.parsers.rust.structures import Structures
from isg.parsers.rust.uses import Uses
from isg.parsers.rust.walk import MAX_DEPTH, Walk
from isg.parsers.tables import SymbolDraft

_BOUNDS = kind("trait_bounds")
_ERROR = kind("ERROR")
_Handler = Callable[[Node, Attributes], None]


class Items:
    """Reads items. Their names are bound in the scope that is being read, in any order."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader
        self.drafts = Drafts(walk)
        self.generics = Generics(walk, reader)
        self.functions = Functions(walk, reader, self.generics)
        self.structures = Structures(walk, reader, self.generics, self.drafts)
        self.implementations = Implementations(walk, reader, self.generics, self)
        self.macro_rules = MacroRules(walk, reader)
        self.uses = Uses(walk)
        handlers: dict[str, _Handler] = {
            "function_item": self._function,
            "function_signature_item": self._function,
            "struct_item": self._structure("struct"),
            "enum_item": self._structure("enum"),
            "union_item": self._structure("union"),
            "trait_item": self._trait,
            "impl_item": self._impl,
            "type_item": self._alias,
            "associated_type": self._alias,
            "const_item": self._value("constant"),
            "static_item": self._value("variable"),
            "mod_item": self._module,
            "foreign_mod_item": self._foreign,
            "use_declaration": self.uses.use,
            "extern_crate_declaration": self.uses.extern_crate,
            "macro_definition": self._macro,
        }
        self._handlers = {
            number: handler for name, handler in handlers.items() for number in GRAMMAR.kinds(name)
        }

    def file(self, nodes: list[Node]) -> str:
        """Reads a file's items, a unit each; gives its documentation."""
        walk, units = self.walk, self.walk.tables.units
        self.uses.begin()
        for node, attributes in self.drafts.attributed(nodes):
            if node.kind_id in ITEMS or node.kind_id == MACRO_INVOCATION:
                units.append((attributes.start or node).start_point[0] + 1)
                walk.enter_unit(len(units) - 1)
                self.one(node, attributes)
                walk.enter_unit(0)
            else:
                self.one(node, attributes)
        return self.inner_doc(nodes)

    def run(self, nodes: list[Node]) -> None:
        for node, attributes in self.drafts.attributed(nodes):
            self.one(node, attributes)

    def _item(self, node: Node, attributes: Attributes) -> None:
        walk = self.walk
        if walk.depth > MAX_DEPTH:
            walk.too_deep(node)
            return
        walk.depth += 1
        self._handlers[node.kind_id](node, attributes)
        walk.depth -= 1

    def expanded(self, path: Node) -> None:
        """A macro where items stand that is given none: it may be one that holds items."""
        self.uses.macro(path)

    def one(self, node: Node, attributes: Attributes) -> None:
        """Whatever stands where items do."""
        kind_id = node.kind_id
        if kind_id in ITEMS:
            self._item(node, attributes)
        elif kind_id == MACRO_INVOCATION:
            self.reader.macros.items(node)
        elif kind_id == EXPRESSION_STATEMENT and node.children[0].kind_id == MACRO_INVOCATION:
            self.reader.macros.items(node.children[0])
        elif kind_id in (_ERROR, DECLARATION_LIST):
            self._broken(node)
        elif kind_id != INNER_ATTRIBUTE:
            self.reader.read(node)

    def _broken(self, node: Node) -> None:
        """What could not be parsed may hold items that can be read."""
        walk = self.walk
        if walk.depth <= MAX_DEPTH:
            walk.depth += 1
            self.run(node.children)
            walk.depth -= 1

    def inner_doc(self, nodes: list[Node]) -> str:
        """The first paragraph of the `//!` comments that a body begins with."""
        walk, lines = self.walk, list[str]()
        for node in nodes:
            if node.kind_id in COMMENTS:
                if is_inner(walk.text, node.start_byte):
                    lines += outer_line(walk.slice(node))
            elif node.is_named and node.kind_id != INNER_ATTRIBUTE:
                break
        return paragraph(lines)

    # definitions

    def _begin(self, node: Node, kind: str, attributes: Attributes) -> SymbolDraft | None:
        """The draft of a named item, bound in the scope around."""
        walk = self.walk
        name_node = node.child_by_field_name("name")
        if name_node is None or walk.silent:
            return None
        draft = self.drafts.draft(kind, name_node, node, attributes)
        draft.visibility = "public" if walk.member_of == "trait" else visibility_of(walk, node)
        symbol = walk.tables.symbol(draft)
        if draft.name != "_":
            walk.define(draft.name, symbol)
        return draft

    def inside(self, draft: SymbolDraft, read: Callable[[], None]) -> None:
        """Reads a definition that was just begun as the one around, then goes back."""
        walk = self.walk
        outer = walk.symbol, walk.referrer, walk.scope, walk.member_of
        walk.symbol = walk.referrer = len(walk.tables.symbols) - 1
        read()
        draft.heads = (draft.signature,)
        walk.symbol, walk.referrer, walk.scope, walk.member_of = outer

    def _function(self, node: Node, attributes: Attributes) -> None:
        kind = "method" if self.walk.member_of in ("trait", "impl") else "function"
        draft = self._begin(node, kind, attributes)
        if draft is not None:
            if self.walk.member_of == "extern":
                draft.modifiers = (*draft.modifiers, "extern")
            self.inside(draft, lambda: self.functions.read(node, draft))

    def _structure(self, kind: str) -> _Handler:
        def read(node: Node, attributes: Attributes) -> None:
            draft = self._begin(node, kind, attributes)
            if draft is not None:
                self.inside(draft, lambda: self.structures.read(node, draft, attributes))

        return read

    def _trait(self, node: Node, attributes: Attributes) -> None:
        draft = self._begin(node, "trait", attributes)
        if draft is not None:
            self.inside(draft, lambda: self.implementations.trait(node, draft))

    def _impl(self, node: Node, attributes: Attributes) -> None:
        walk = self.walk
        if not walk.silent:
            name = self.implementations.name_of(node)
            at = node.child_by_field_name("type") if walk.use is not None else None
            draft = self.drafts.called(name, "impl", at or node, node, attributes)
            walk.tables.symbol(draft)
            self.inside(draft, lambda: self.implementations.impl(node, draft))

    def _alias(self, node: Node, attributes: Attributes) -> None:
        """`type A<T> = B;`, also with bounds, as traits have them."""
        draft = self._begin(node, "type_alias", attributes)
        if draft is not None:
            self.inside(draft, lambda: self._aliased(node, draft))

    def _aliased(self, node: Node, draft: SymbolDraft) -> None:
        walk, types = self.walk, self.reader.types
        head = {child.kind_id: child for child in node.children}
        number = walk.tables.scopes[walk.scope].names[draft.name][-1]
        draft.scope = self.generics.enter(draft, head.get(TYPE_PARAMETERS), head.get(WHERE_CLAUSE))
        bounds = head.get(_BOUNDS)
        if bounds is None and _ERROR in head:  # `type A: B = C`, unstable: the grammar has only one of both
            bounds = next((each for each in head[_ERROR].children if each.kind_id == _BOUNDS), None)
        declared = types.bounds(bounds) if bounds is not None else 0
        aliased = node.child_by_field_name("type")
        term = types.read(aliased) if aliased is not None else 0
        old = walk.tables.bindings[number]
        walk.tables.bindings[number] = Binding(
            BindingKind.DEFINITION, old.name, old.scope, term, declared, old.symbol, False
        )
        draft.signature = clean_line(walk.slice(node))
        if aliased is None:
            draft.modifiers = (*draft.modifiers, "abstract")

    def _value(self, kind: str) -> _Handler:
        """Constants and statics."""

        def read(node: Node, attributes: Attributes) -> None:
            walk = self.walk
            draft = self._begin(node, kind, attributes)
            if draft is None:
                return
            scope = walk.tables.scopes[walk.scope]
            number = scope.names[draft.name][-1] if draft.name != "_" else NOTHING
            outer = walk.locals, walk.log, walk.local_scope, walk.signature, walk.complexity
            walk.locals, walk.log, walk.local_scope, walk.signature = {}, [], NOTHING, None
            self.inside(draft, lambda: self._initialised(node, draft, number))
            walk.locals, walk.log, walk.local_scope, walk.signature, walk.complexity = outer

        return read

    def _local_key(self, declared: TermId) -> TermId:
        """The type of a static of `thread_local!`: `::std::thread::LocalKey<T>`."""
        terms = self.walk.terms
        path = terms[(op.TYPE_NAME, 0, "::std")]
        for segment in ("thread", "LocalKey"):
            path = terms[(op.TYPE_MEMBER, path, segment)]
        return terms[(op.INDEX, path, declared)]

    def _initialised(self, node: Node, draft: SymbolDraft, number: int) -> None:
        walk = self.walk
        type_node, value_node = node.child_by_field_name("type"), node.child_by_field_name("value")
        declared = self.reader.types.read(type_node) if type_node is not None else 0
        if walk.in_thread_local:
            declared = self._local_key(declared)
        term = self.reader.read(value_node) if value_node is not None and walk.use is None else 0
        if number != NOTHING:
            old = walk.tables.bindings[number]
            walk.tables.bindings[number] = Binding(
                old.kind, old.name, old.scope, term, declared, old.symbol, False
            )
        head_end = type_node.end_byte if type_node is not None else node.end_byte
        value = walk.slice(value_node) if value_node is not None else ""
        draft.signature = value_signature(walk.source.slice(node.start_byte, head_end), value)
        if value_node is not None:
            draft.bodies = ((value_node.start_byte, value_node.end_byte),)
        elif walk.member_of == "trait":
            draft.modifiers = (*draft.modifiers, "abstract")

    # what holds items

    def _module(self, node: Node, attributes: Attributes) -> None:
        body = node.child_by_field_name("body")
        name_node = node.child_by_field_name("name")
        if body is None and name_node is not None:
            self.uses.declared_module(node, name_node, attributes)
            return
        draft = self._begin(node, "namespace", attributes)
        if draft is not None and body is not None:
            self.inside(draft, lambda: self._inline(node, body, draft))

    def _inline(self, node: Node, body: Node, draft: SymbolDraft) -> None:
        walk = self.walk
        draft.scope = walk.scope = walk.tables.scope(ScopeKind.MODULE, walk.scope, walk.symbol, {})
        draft.signature = clean_line(walk.source.slice(node.start_byte, body.start_byte))
        draft.bodies = ((body.start_byte, body.end_byte),)
        draft.doc = draft.doc or self.inner_doc(body.children)
        walk.member_of = ""
        self.run(body.children)

    def _foreign(self, node: Node, attributes: Attributes) -> None:
        """`extern "C" { … }`: its items are those of the scope around."""
        walk = self.walk
        member_of = walk.member_of
        walk.member_of = "extern"
        for child in node.children:
            if child.kind_id == DECLARATION_LIST:
                self.run(child.children)
        walk.member_of = member_of

    def _macro(self, node: Node, attributes: Attributes) -> None:
        draft = self._begin(node, "macro", attributes)
        if draft is not None:
            draft.visibility = "public" if "export" in draft.modifiers else "private"
            draft.signature = f"macro_rules! {draft.name}"
            draft.bodies = ((node.start_byte, node.end_byte),)
            self.inside(draft, lambda: self.macro_rules.read(node, draft))
            if draft.scope == NOTHING:
                self.reader.macros.expansion.define(draft.name, node)
