"""Parameters of functions and closures."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import BindingKind, Parameter, ParameterKind, SignatureId, TermId
from isg.parsers.rust.grammar import IDENTIFIER, PARAMETER, SELF, SELF_PARAMETER, kind, named, parts
from isg.parsers.rust.readers import Reader
from isg.parsers.rust.walk import Walk
from isg.parsers.tables import SignatureDraft

_VARIADIC = kind("variadic_parameter")


class Parameters:
    """Reads parameter lists; their patterns bind in the scope of the body."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def read(self, node: Node, signature: SignatureDraft, number: SignatureId, typed: bool) -> None:
        """Fills the signature; *typed* where a parameter may be a type alone, as in function pointers."""
        for child in named(node.children):
            kind_id = child.kind_id
            if kind_id == SELF_PARAMETER:
                annotation = self.walk.terms[(op.TYPE_NAME, self.walk.scope, "Self")]
                self._add(signature, number, child, "self", annotation)
            elif kind_id == PARAMETER:
                self._declared(child, signature, number)
            elif kind_id == _VARIADIC:
                signature.parameters.append(Parameter("", ParameterKind.VARIADIC, 0, 0, False))
            elif typed:  # before 2018 a trait's methods could leave the names out
                self._add(signature, number, None, "_", self.reader.types.read(child))
            else:
                self._pattern(child, signature, number, 0)

    def _declared(self, node: Node, signature: SignatureDraft, number: SignatureId) -> None:
        """`pattern: Type`"""
        children = parts(node)
        colon = next((at for at, child in enumerate(children) if child.type == ":"), 0)
        annotation = self.reader.types.read(children[-1]) if colon else 0
        pattern = children[colon - 1] if colon else children[-1]
        if pattern.kind_id == SELF:
            self._add(signature, number, pattern, "self", annotation)
        else:
            self._pattern(pattern, signature, number, annotation)

    def _pattern(
        self, node: Node, signature: SignatureDraft, number: SignatureId, annotation: TermId
    ) -> None:
        if node.kind_id == IDENTIFIER:
            self._add(signature, number, node, self.walk.name(node), annotation)
            return
        self._add(signature, number, None, "_", annotation)
        value = self.walk.terms[(op.PARAMETER, number, len(signature.parameters) - 1)]
        self.reader.patterns.read(node, value, BindingKind.PARAMETER, annotation)

    def _add(
        self, signature: SignatureDraft, number: SignatureId, node: Node | None, name: str, annotation: TermId
    ) -> None:
        position = len(signature.parameters)
        signature.parameters.append(Parameter(name, ParameterKind.POSITIONAL_ONLY, annotation, 0, False))
        if node is not None:
            value = self.walk.terms[(op.PARAMETER, number, position)]
            self.walk.bind(name, BindingKind.PARAMETER, value, annotation)
