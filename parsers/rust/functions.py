"""Functions, associated functions and methods: their heads and bodies."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers.facts import ScopeKind, SignatureFlag
from isg.parsers.rust.generics import Generics
from isg.parsers.rust.grammar import (
    ARROW,
    BLOCK,
    EXTRAS,
    PARAMETERS,
    TYPE_PARAMETERS,
    WHERE_CLAUSE,
    kind,
)
from isg.parsers.rust.readers import Reader
from isg.parsers.rust.signature_text import clean_line
from isg.parsers.rust.walk import Walk
from isg.parsers.tables import SignatureDraft, SymbolDraft

_MODIFIERS = kind("function_modifiers")
_WORDS = ("async", "const", "unsafe", "default")


class Functions:
    """Reads functions. A function sees no variables of what is around it."""

    def __init__(self, walk: Walk, reader: Reader, generics: Generics) -> None:
        self.walk = walk
        self.reader = reader
        self.generics = generics

    def read(self, node: Node, draft: SymbolDraft) -> None:
        walk = self.walk
        outer = walk.locals, walk.log, walk.local_scope, walk.signature, walk.breaks
        walk.locals, walk.log, walk.signature, walk.breaks = {}, [], None, []
        complexity, statements, scope, member_of = (
            walk.complexity,
            walk.statements,
            walk.scope,
            walk.member_of,
        )
        walk.complexity, walk.statements, walk.member_of = 1, 0, ""
        self._function(node, draft)
        draft.complexity, draft.statements = walk.complexity, walk.statements
        walk.complexity, walk.scope, walk.member_of = complexity, scope, member_of
        walk.statements += statements
        walk.locals, walk.log, walk.local_scope, walk.signature, walk.breaks = outer

    def _function(self, node: Node, draft: SymbolDraft) -> None:
        walk = self.walk
        head: dict[int, Node] = {}
        returns: Node | None = None
        behind_arrow = False
        for child in node.children:
            kind_id = child.kind_id
            if kind_id == ARROW:
                behind_arrow = True
            elif behind_arrow and returns is None and kind_id not in EXTRAS:
                returns = child
            else:
                head[kind_id] = child
        body = head.get(BLOCK)
        signature, number = walk.new_signature(walk.symbol)
        draft.signatures = (number,)
        scope = self.generics.enter(draft, head.get(TYPE_PARAMETERS), head.get(WHERE_CLAUSE))
        signature.type_parameters = scope
        walk.scope = walk.local_scope = draft.scope = signature.scope = walk.tables.scope(
            ScopeKind.FUNCTION, walk.scope, walk.symbol, {}
        )
        walk.signature = signature
        if PARAMETERS in head:
            self.reader.parameters.read(head[PARAMETERS], signature, number, True)
        signature.returns = self.reader.types.read(returns) if returns is not None else walk.unit_type
        self._describe(node, draft, signature, head, body)
        if body is not None:
            draft.bodies = ((body.start_byte, body.end_byte),)
        if body is not None and walk.use is None:
            value = self.reader.control.block(body)
            if value != walk.never:
                signature.returned[value] = None

    def _describe(
        self,
        node: Node,
        draft: SymbolDraft,
        signature: SignatureDraft,
        head: dict[int, Node],
        body: Node | None,
    ) -> None:
        walk = self.walk
        end = body.start_byte if body is not None else node.end_byte
        draft.signature = clean_line(walk.source.slice(node.start_byte, end))
        words = walk.slice(head[_MODIFIERS]) if _MODIFIERS in head else ""
        found = [word for word in _WORDS if word in words.split()]
        if "extern" in words:
            found.append("extern")
        draft.modifiers = (*draft.modifiers, *found)
        if "async" in found:
            signature.flags |= SignatureFlag.ASYNC
        if body is None:
            signature.flags |= SignatureFlag.ABSTRACT_BODY
            if draft.kind == "method":
                draft.modifiers = (*draft.modifiers, "abstract")
