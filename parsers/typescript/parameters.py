"""Parameters of functions, and the fields that those of constructors may be."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, BindingKind, Parameter, ParameterKind, SignatureId, TermId
from isg.parsers.tables import SignatureDraft
from isg.parsers.typescript.grammar import (
    DECORATOR,
    IDENTIFIER,
    OPTIONAL_PARAMETER,
    PATTERNS,
    REQUIRED_PARAMETER,
    REST,
    THIS,
    TYPE_ANNOTATION,
    kind,
)
from isg.parsers.typescript.jsdoc import Comment
from isg.parsers.typescript.readers import Reader
from isg.parsers.typescript.scopes import Scope
from isg.parsers.typescript.signature_text import clean_line
from isg.parsers.typescript.walk import Walk

_ACCESSIBILITY = kind("accessibility_modifier")
_OVERRIDE = kind("override_modifier")


class Parameters:
    """Reads parameter lists."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader
        self._this: Parameter | None = None
        self._comment: Comment | None = None

    def read(
        self,
        node: Node,
        draft: SignatureDraft,
        number: SignatureId,
        scope: Scope | None,
        comment: Comment | None = None,
    ) -> None:
        """Fills the signature, and binds its parameters in *scope*, that of the body.

        What a function asks of ``this`` is no argument: it comes last, by its name.
        """
        walk = self.walk
        outer = self._this, self._comment
        self._this, self._comment = None, comment
        for child in node.named_children:
            kind_id = walk.kinds[child.kind_id]
            if kind_id in (REQUIRED_PARAMETER, OPTIONAL_PARAMETER):
                self._parameter(child, draft, number, scope, kind_id == OPTIONAL_PARAMETER)
            elif child.kind_id not in walk.extras:
                self._add("", ParameterKind.POSITIONAL, child, 0, 0, False, draft, number, scope)
        if self._this is not None:
            draft.parameters.append(self._this)
        self._this, self._comment = outer

    def plain(
        self, node: Node, draft: SignatureDraft, number: SignatureId, scope: Scope, comment: Comment | None
    ) -> None:
        """The only parameter of ``x => …``"""
        name = self.walk.slice(node)
        documented = self.reader.documented
        annotation = documented.parameter(comment, name, 0, is_rest=False) if comment is not None else 0
        self._add(name, ParameterKind.POSITIONAL, node, annotation, 0, False, draft, number, scope)

    def _parameter(
        self, node: Node, draft: SignatureDraft, number: SignatureId, scope: Scope | None, optional: bool
    ) -> None:
        walk = self.walk
        kinds = walk.kinds
        target: Node | None = None
        annotation = default = 0
        has_default, is_property, visibility, readonly = optional, False, "public", False
        for child in node.children:
            kind_id = kinds[child.kind_id]
            if kind_id == TYPE_ANNOTATION:
                annotation = self.reader.types.read(child)
            elif kind_id == DECORATOR:
                self.reader.classes.decorator(child)
            elif kind_id == _ACCESSIBILITY:
                is_property, visibility = True, walk.slice(child)
            elif kind_id == _OVERRIDE:
                is_property = True
            elif not child.is_named:
                if child.type == "readonly":
                    is_property = readonly = True
                elif child.type == "=":
                    has_default = True
            elif child.kind_id in walk.extras:
                continue
            elif target is None:
                target = child
            else:
                default = self.reader.read(child)
        if target is None:
            return
        if kinds[target.kind_id] == THIS:
            self._this = Parameter("this", ParameterKind.KEYWORD_ONLY, annotation, 0, False)
            if scope is not None:
                scope.frame.this = walk.terms[(op.ANNOTATION, annotation)]
            return
        kind, name = ParameterKind.POSITIONAL, ""
        if kinds[target.kind_id] == REST and target.named_children:
            kind, target = ParameterKind.VARIADIC, target.named_children[0]
        if kinds[target.kind_id] == IDENTIFIER:
            name = walk.slice(target)
        if not annotation and walk.jsdoc is not None:
            annotation = self._documented(target, name, len(draft.parameters), kind)
        self._add(name, kind, target, annotation, default, has_default, draft, number, scope)
        if is_property and scope is not None:
            self._field(node, target, name, visibility, readonly, draft, number)

    def _documented(self, target: Node, name: str, position: int, kind: ParameterKind) -> TermId:
        """The type that JSDoc gives a parameter, before itself or before its function."""
        documented, is_rest = self.reader.documented, kind is ParameterKind.VARIADIC
        comment = documented.comment(target)
        own = comment.first("type") if comment is not None else None
        if own is not None and own.type is not None:
            return self.reader.types.read(own.type)
        if self._comment is None:
            return 0
        return documented.parameter(self._comment, name, position, is_rest=is_rest)

    def _add(
        self,
        name: str,
        kind: ParameterKind,
        target: Node,
        annotation: TermId,
        default: TermId,
        has_default: bool,
        draft: SignatureDraft,
        number: SignatureId,
        scope: Scope | None,
    ) -> None:
        walk = self.walk
        position = len(draft.parameters)
        draft.parameters.append(Parameter(name, kind, annotation, default, has_default))
        if scope is None:
            return
        value = walk.terms[(op.PARAMETER, number, position)]
        if name:
            binding = walk.declare(scope, BindingKind.PARAMETER, name)
            walk.fill(binding, value, annotation)
            variable = scope.values[name]
            scope.frame.env.names[variable.key] = (binding,)
            walk.parameters[variable.key] = (draft, position)
        elif walk.kinds[target.kind_id] in PATTERNS:
            if annotation:
                value = walk.terms[(op.ANNOTATION, annotation)]
            self.reader.declarer.pattern(target, BindingKind.PARAMETER, scope, constant=False)
            self.reader.patterns.bind(target, value)

    def _field(
        self,
        node: Node,
        target: Node,
        name: str,
        visibility: str,
        readonly: bool,
        draft: SignatureDraft,
        number: SignatureId,
    ) -> None:
        """``constructor(private readonly x: T)`` declares a field too."""
        walk = self.walk
        members = walk.frame.members
        if members == NOTHING or not name:
            return
        owner, walk.owner = walk.owner, walk.tables.scopes[members].symbol
        symbol = walk.define("field", name, target, node)
        walk.owner = owner
        field = walk.tables.symbols[symbol]
        field.visibility = visibility
        field.modifiers = ("readonly",) if readonly else ()
        field.signature = clean_line(walk.slice(node))
        field.heads = (field.signature,)
        value = walk.terms[(op.PARAMETER, number, len(draft.parameters) - 1)]
        declared = draft.parameters[-1].annotation
        walk.member(members, BindingKind.DECLARATION, name, value, declared, symbol, instance=True)
