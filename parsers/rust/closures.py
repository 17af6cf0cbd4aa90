"""Closures and async blocks: anonymous functions."""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, ScopeKind, SignatureFlag, TermId
from isg.parsers.rust.grammar import ARROW, BLOCK, kind, parts, token
from isg.parsers.rust.readers import Reader
from isg.parsers.rust.walk import Walk
from isg.parsers.tables import SignatureDraft

_PARAMETERS = kind("closure_parameters")
_ASYNC = token("async")


class Closures:
    """Reads closures. They see the variables around them; their own are in their scope."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def closure(self, node: Node) -> TermId:
        """`async move |a, (b, c): T| -> U { … }`"""
        children = parts(node)

        def read(signature: SignatureDraft, number: int) -> TermId:
            behind_arrow = False
            for child in children[:-1]:
                kind_id = child.kind_id
                if kind_id == _PARAMETERS:
                    self.reader.parameters.read(child, signature, number, False)
                elif kind_id == _ASYNC:
                    signature.flags |= SignatureFlag.ASYNC
                elif kind_id == ARROW:
                    behind_arrow = True
                elif behind_arrow:
                    signature.returns = self.reader.types.read(child)
            return self.reader.read(children[-1])

        return self.walk.terms[(op.LAMBDA, self._function(read))]

    def async_block(self, node: Node) -> TermId:
        """What it gives is what calling an async function without parameters gives."""

        def read(signature: SignatureDraft, number: int) -> TermId:
            signature.flags |= SignatureFlag.ASYNC
            block = next((child for child in node.children if child.kind_id == BLOCK), None)
            return self.reader.control.block(block) if block is not None else 0

        anonymous = self.walk.terms[(op.LAMBDA, self._function(read))]
        return self.walk.terms[(op.CALL, anonymous, 0)]

    def _function(self, read: Callable[[SignatureDraft, int], TermId]) -> int:
        """The signature of an anonymous function, whose body is read by *read*."""
        walk = self.walk
        signature, number = walk.new_signature(NOTHING)
        signature.scope = walk.tables.scope(ScopeKind.FUNCTION, walk.scope, walk.referrer, {})
        outer = walk.scope, walk.local_scope, walk.signature, walk.breaks
        mark = len(walk.log)
        walk.scope = walk.local_scope = signature.scope
        walk.signature, walk.breaks = signature, []
        value = read(signature, number)
        if value != walk.never:
            signature.returned[value] = None
        walk.forget(mark)
        walk.scope, walk.local_scope, walk.signature, walk.breaks = outer
        return number
