"""Functions of all forms: their signatures, and their bodies in scopes of their own."""

from __future__ import annotations

from typing import NamedTuple

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import (
    NOTHING,
    BindingKind,
    ScopeId,
    ScopeKind,
    SignatureFlag,
    SignatureId,
    SymbolId,
    TermId,
)
from isg.parsers.source import decoded
from isg.parsers.tables import SignatureDraft, SymbolDraft
from isg.parsers.typescript.docs import docstring
from isg.parsers.typescript.expected import as_tuple, expect
from isg.parsers.typescript.grammar import (
    ARROW,
    BLOCK,
    DECORATOR,
    FUNCTION_SIGNATURE,
    IDENTIFIER,
    PARAMETERS,
    THIS,
    TYPE_ANNOTATION,
    TYPE_PARAMETERS,
    kind,
    kinds,
)
from isg.parsers.typescript.parameters import Parameters
from isg.parsers.typescript.readers import Reader
from isg.parsers.typescript.scopes import Frame, Scope
from isg.parsers.typescript.signature_text import clean_line
from isg.parsers.typescript.type_parameters import enter_type_parameters
from isg.parsers.typescript.walk import MAX_DEPTH, Walk

_PREDICATE = kind("type_predicate")
_ANNOTATIONS = kinds("type_predicate_annotation", "asserts_annotation") | {TYPE_ANNOTATION}
_TYPES = kinds("function_type", "constructor_type")
_ASYNC = SignatureFlag.ASYNC
_BODILESS = SignatureFlag.ABSTRACT_BODY


class Receiver(NamedTuple):
    """What ``this`` and ``super`` are in a function, and where ``this.x = …`` makes members."""

    this: TermId = 0
    super: TermId = 0
    members: ScopeId = NOTHING


NO_RECEIVER = Receiver()


def head_start(walk: Walk, node: Node) -> int:
    """The byte where a definition begins, behind its decorators."""
    for child in node.children:
        if walk.kinds[child.kind_id] != DECORATOR and child.kind_id not in walk.extras:
            return child.start_byte
    return node.start_byte


class Functions:
    """Reads functions: heads and bodies, with or without a symbol."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader
        self.parameters = Parameters(walk, reader)

    # forms

    def declaration(self, node: Node) -> None:
        """``function f() {}``, ``function* f() {}``, and overloads ``function f(): T;``"""
        walk = self.walk
        plan = walk.plans.get(node.start_byte)
        if plan is None:
            self.expression(node)
            return
        draft = walk.tables.symbols[plan.symbol]
        if walk.kinds[node.kind_id] == FUNCTION_SIGNATURE:
            self.overload(node, plan.symbol)
        else:
            receiver = self._constructor_function(plan.symbol)
            self.named(node, plan.symbol, node, "", receiver)
        if node.start_byte == plan.last:
            self.stand(draft, node, node)
        walk.fill(plan.binding, walk.terms[(op.SYMBOL, plan.symbol)])

    def overload(self, node: Node, symbol: SymbolId) -> None:
        """One more signature of a symbol, without a body."""
        walk = self.walk
        draft = walk.tables.symbols[symbol]
        draft.doc = draft.doc or docstring(walk, node)
        draft.declarations += (walk.declaration(node, node),)
        signature = self.signature(node, symbol)
        walk.tables.signatures[signature].flags |= _BODILESS
        line = clean_line(walk.slice(node))
        draft.signature = draft.signature or line
        draft.heads += (line,)
        draft.signatures += (signature,)

    def stand(self, draft: SymbolDraft, node: Node, whole: Node) -> None:
        """The symbol of several declarations stands at this one."""
        walk = self.walk
        name = node.child_by_field_name("name")
        if name is not None:
            draft.line, draft.column = walk.place(name)
        draft.unit = walk.unit
        draft.start = whole.start_point[0] + 1 - walk.unit_line
        draft.end = whole.end_point[0] + 1 - walk.unit_line

    def expression(self, node: Node) -> TermId:
        """A function that stands where a value does is a LAMBDA: its own name is known only inside it."""
        walk = self.walk
        outer = walk.scope
        name = node.child_by_field_name("name")
        if name is not None:
            scope = walk.open(ScopeKind.BLOCK, walk.owner)
            text = walk.slice(name)
            binding = walk.declare(scope, BindingKind.DEFINITION, text)
            walk.fill(binding, walk.terms[(op.LAMBDA, len(walk.tables.signatures))])
            scope.values[text].constant = True
        signature, _ = self.body(node, NOTHING, NO_RECEIVER)
        walk.scope = outer
        term = walk.terms[(op.LAMBDA, signature)]
        walk.expectant.add(term)
        return term

    def named(
        self, node: Node, symbol: SymbolId, whole: Node, prefix: str, receiver: Receiver
    ) -> SignatureId:
        """A function that is a symbol; *whole* begins its definition, *prefix* its signature."""
        walk = self.walk
        draft = walk.tables.symbols[symbol]
        draft.doc = draft.doc or docstring(walk, whole)
        owner, referrer = walk.owner, walk.referrer
        complexity, statements = walk.complexity, walk.statements
        walk.owner = walk.referrer = symbol
        walk.complexity = 1
        signature, body = self.body(node, symbol, receiver)
        draft.complexity = walk.complexity
        draft.statements = walk.statements - statements
        walk.owner, walk.referrer, walk.complexity = owner, referrer, complexity
        end = body.start_byte if body is not None else node.end_byte
        head = walk.text[head_start(walk, whole) : end].rstrip().removesuffix("=>")
        line = prefix + clean_line(decoded(head))
        draft.signature = line
        draft.heads += (line,)
        draft.signatures += (signature,)
        if body is not None:
            draft.bodies += ((body.start_byte, body.end_byte),)
        own = walk.tables.signatures[signature]
        draft.scope = own.scope
        if own.type_parameters != NOTHING:
            draft.type_parameters = tuple(walk.tables.scopes[own.type_parameters].names)
        self._modify(draft, own)
        return signature

    def accessor(self, node: Node, symbol: SymbolId, receiver: Receiver) -> SignatureId:
        """``get x() {…}``, ``set x(v) {…}``: one symbol, with the getter's signature if there is one."""
        walk = self.walk
        draft = walk.tables.symbols[symbol]
        before = draft.signature, draft.scope, draft.complexity, draft.signatures
        draft.declarations += (walk.declaration(node, node),)
        signature = self.named(node, symbol, node, "", receiver)
        if not before[-1]:
            return signature
        draft.end = max(draft.end, node.end_point[0] + 1 - walk.unit_line)
        if any(child.type == "set" for child in node.children):
            draft.signature, draft.scope, draft.complexity, draft.signatures = before
        else:
            draft.signatures = draft.signatures[-1:]
        return signature

    def _modify(self, draft: SymbolDraft, signature: SignatureDraft) -> None:
        if signature.flags & SignatureFlag.ASYNC:
            draft.modifiers = (*draft.modifiers, "async")
        if signature.flags & SignatureFlag.GENERATOR:
            draft.modifiers = (*draft.modifiers, "generator")

    def _constructor_function(self, symbol: SymbolId) -> Receiver:
        """In ``function F() { this.x = … }`` what is made is an F."""
        walk = self.walk
        return Receiver(walk.terms[(op.RECEIVER, symbol)])

    # signatures without bodies

    def signature(self, node: Node, symbol: SymbolId = NOTHING) -> SignatureId:
        """The signature of a function type, a method signature, an overload."""
        walk = self.walk
        draft, number = self.begin(symbol)
        outer, owner, referrer = walk.scope, walk.owner, walk.referrer
        if symbol != NOTHING:
            walk.owner = walk.referrer = symbol
        is_type = walk.kinds[node.kind_id] in _TYPES
        arrow = False
        for child in node.children:
            kind_id = walk.kinds[child.kind_id]
            if kind_id == TYPE_PARAMETERS:
                draft.type_parameters = enter_type_parameters(walk, self.reader, child).number
            elif kind_id == PARAMETERS:
                self.parameters.read(child, draft, number, None)
            elif kind_id in _ANNOTATIONS or (arrow and child.is_named):
                draft.returns = self._returns(child, draft, number)
            elif is_type and child.type == "=>":
                arrow = True
            elif child.type == "async":
                draft.flags |= _ASYNC
        walk.scope, walk.owner, walk.referrer = outer, owner, referrer
        if symbol != NOTHING and draft.type_parameters != NOTHING:
            symbol_draft = walk.tables.symbols[symbol]
            symbol_draft.type_parameters = tuple(walk.tables.scopes[draft.type_parameters].names)
        return number

    def begin(self, symbol: SymbolId) -> tuple[SignatureDraft, SignatureId]:
        """A new signature, of which nothing is read yet."""
        signatures = self.walk.tables.signatures
        draft = SignatureDraft(symbol)
        signatures.append(draft)
        return draft, len(signatures) - 1

    def _returns(self, node: Node, draft: SignatureDraft, number: SignatureId) -> TermId:
        """A return type; ``x is T`` is a boolean that narrows the argument for parameter x."""
        predicate = self._predicate(node)
        if predicate is None:
            return self.reader.types.read(node)
        walk = self.walk
        children = [child for child in predicate.named_children if child.kind_id not in walk.extras]
        if not children:
            return 0
        narrowed = (
            self.reader.types.read(children[-1]) if len(children) > 1 else walk.terms[(op.LITERAL, "true")]
        )
        if walk.kinds[children[0].kind_id] == THIS or children[0].type == "this_type":
            subject = self.reader.types.read(children[0])
        else:
            name = walk.slice(children[0])
            position = next((at for at, each in enumerate(draft.parameters) if each.name == name), NOTHING)
            if position == NOTHING:
                return walk.terms[(op.LITERAL, "boolean")]
            subject = walk.terms[(op.PARAMETER, number, position)]
        return walk.terms[(op.NARROW, subject, narrowed)]

    def _predicate(self, node: Node) -> Node | None:
        """The predicate that a return type is: ``x is T``, ``asserts x is T``, ``asserts x``."""
        while node.type in ("type_predicate_annotation", "asserts_annotation", "asserts"):
            inner = [child for child in node.named_children if child.kind_id not in self.walk.extras]
            if len(inner) != 1:
                return None
            if node.type == "asserts" and self.walk.kinds[inner[0].kind_id] != _PREDICATE:
                return node
            node = inner[0]
        return node if self.walk.kinds[node.kind_id] == _PREDICATE else None

    # bodies

    def body(self, node: Node, symbol: SymbolId, receiver: Receiver) -> tuple[SignatureId, Node | None]:
        """Reads a function in a frame of its own; its signature, and the node of its body."""
        walk = self.walk
        draft, number = self.begin(symbol)
        outer_scope, outer_frame, ambient = walk.scope, walk.frame, walk.ambient
        frame = walk.frame = Frame(outer_frame)
        is_arrow = walk.kinds[node.kind_id] == ARROW
        if is_arrow and not receiver.this:
            frame.inherit(outer_frame)
        else:
            frame.this, frame.super, frame.members = receiver
        frame.signature = draft
        body = self._head(node, draft, number, is_arrow)
        if body is not None and walk.depth <= MAX_DEPTH:
            walk.depth += 1
            self._expect_returns(draft, frame)
            self._run(body, draft)
            walk.depth -= 1
        elif body is not None:
            walk.too_deep(body)
        else:
            draft.flags |= _BODILESS
        if draft.yielded:
            draft.flags |= SignatureFlag.GENERATOR
        walk.scope, walk.frame, walk.ambient = outer_scope, outer_frame, ambient
        return number, body

    def _head(self, node: Node, draft: SignatureDraft, number: SignatureId, is_arrow: bool) -> Node | None:
        """Reads type parameters, parameters and return type; gives the body."""
        walk = self.walk
        body: Node | None = None
        arrow = False
        documented = self.reader.documented
        comment = documented.signed(node) if walk.jsdoc is not None else None
        if comment is not None and (templates := documented.enter_templates(comment)) is not None:
            draft.type_parameters = templates.number
        for child in node.children:
            kind_id = walk.kinds[child.kind_id]
            if kind_id == PARAMETERS:
                scope = walk.open(ScopeKind.FUNCTION, walk.owner)
                draft.scope = scope.number
                self.parameters.read(child, draft, number, scope, comment)
            elif kind_id == BLOCK or (arrow and child.is_named and child.kind_id not in walk.extras):
                body = child
            elif kind_id == TYPE_PARAMETERS:
                draft.type_parameters = enter_type_parameters(walk, self.reader, child).number
            elif kind_id in _ANNOTATIONS:
                draft.returns = self._returns(child, draft, number)
            elif is_arrow and kind_id == IDENTIFIER:
                scope = walk.open(ScopeKind.FUNCTION, walk.owner)
                draft.scope = scope.number
                self.parameters.plain(child, draft, number, scope, comment)
            elif not child.is_named:
                text = child.type
                if text == "=>":
                    arrow = True
                elif text == "async":
                    draft.flags |= _ASYNC
                elif text == "*":
                    draft.flags |= SignatureFlag.GENERATOR
        if draft.scope == NOTHING:
            draft.scope = walk.open(ScopeKind.FUNCTION, walk.owner).number
        if comment is not None:
            documented.receiver(comment, draft, walk.frame)
            draft.returns = draft.returns or documented.returns(comment, draft, number)
        return body

    def _expect_returns(self, draft: SignatureDraft, frame: Frame) -> None:
        """What the function says it returns is expected of the functions that it returns."""
        returns = draft.returns
        if returns and draft.flags & _ASYNC:
            terms = self.walk.terms
            returns = terms[(op.TYPEOF, terms[(op.AWAIT, terms[(op.ANNOTATION, returns)])])]
        frame.expected_return = returns

    def _run(self, body: Node, draft: SignatureDraft) -> None:
        walk, reader = self.walk, self.reader
        if walk.kinds[body.kind_id] == BLOCK:
            children = body.children
            reader.declarer.function(children, body)
            reader.runner.run(children)
            return
        walk.statements += 1
        term = as_tuple(walk, reader.read(body))
        draft.returned[term] = None
        if term in walk.expectant and walk.frame.expected_return:
            expect(walk, term, walk.frame.expected_return)

    def own_name(self, node: Node, scope: Scope, symbol: SymbolId) -> None:
        """A function or class expression knows itself by its name."""
        walk = self.walk
        number = walk.declare(scope, BindingKind.DEFINITION, walk.slice(node), symbol)
        walk.fill(number, walk.terms[(op.SYMBOL, symbol)])
        scope.values[walk.slice(node)].constant = True
