"""Calls and lambdas."""

from __future__ import annotations

from string import ascii_letters, digits

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import BindingKind, Form, ReferenceFlag, Role, ScopeKind, TermId
from isg.parsers.python.flow import Frame
from isg.parsers.python.grammar import ATTRIBUTE, COMMENT, IDENTIFIER, LIST_SPLAT, kind, parts, unstarred
from isg.parsers.python.parameters import Parameters
from isg.parsers.python.readers import Reader
from isg.parsers.python.source import decoded
from isg.parsers.python.walk import MAX_DEPTH, Walk
from isg.parsers.tables import SignatureDraft

_ARGUMENTS = kind("argument_list")
_KEYWORD_ARGUMENT = kind("keyword_argument")
_KEYWORDS_SPLAT = kind("dictionary_splat")
_LAMBDA_PARAMETERS = kind("lambda_parameters")

# what identifiers are made of; bytes past ASCII are parts of letters
_WORD = ascii_letters + digits + "_" + "".join(map(chr, range(128, 256)))
_STARRED = ReferenceFlag.STARRED.value
_NO_TYPES: frozenset[str] = frozenset()
_CALL, _NAME = Role.CALL, Form.NAME  # looking up members of enums is slow

# Functions some of whose arguments are type expressions, also as strings: positions and keywords.
_TYPE_ARGUMENTS: dict[str, tuple[range, frozenset[str]]] = {
    "cast": (range(1), frozenset({"typ"})),
    "TypeVar": (range(1, 100), frozenset({"bound", "default"})),
    "ParamSpec": (range(0), frozenset({"bound", "default"})),
    "NewType": (range(1, 2), frozenset({"tp"})),
    "assert_type": (range(1, 2), frozenset()),
}


class Calls:
    """Reads calls and lambdas."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader
        self.parameters = Parameters(walk, reader)

    def call(self, node: Node, flags: int = 0) -> TermId:
        """The term of a call, with one reference of role CALL to what is called."""
        children = node.children
        if len(children) != 2:
            children = parts(node)
        if len(children) != 2:
            return self.reader.anything(node)
        walk, function = self.walk, children[0]
        kind_id = function.kind_id
        if kind_id == LIST_SPLAT:
            function = unstarred(function)
            kind_id = function.kind_id
        if kind_id == IDENTIFIER:
            term, name = self.reader.names.callee(function)
            form, name_node = _NAME, function
            if name == "super":
                proxy = self._super(children[1], term)
                if proxy:
                    walk.refer(term, name, _CALL, form, function, 0, proxy, flags)
                    return proxy
        elif kind_id == ATTRIBUTE:
            receiver, name, name_node, form = self.reader.member_parts(function)
            term = walk.terms[(op.MEMBER, receiver, name)]
        else:
            term = self.reader.read(function)
            name, name_node, form = "", children[1], Form.OTHER
        value = self._known(function, term) if walk.frame.env.chains else term
        positional: list[TermId] = []
        keywords: list[str | TermId] = []
        signatures = walk.tables.signatures
        lambdas = len(signatures)
        starred = self._arguments(children[1], name, positional, keywords)
        call = walk.terms[(op.CALL, value, len(positional), *positional, *keywords)]
        if len(signatures) > lambdas:
            self._expect(call, positional, keywords)
        count = len(positional) + len(keywords) // 2 - (starred >> 8)
        walk.refer(term, name, _CALL, form, name_node, count, call, flags | starred & 255)
        return call

    def _expect(self, call: TermId, positional: list[TermId], keywords: list[str | TermId]) -> None:
        """Lambdas that are passed take what the callee says that it passes to them."""
        named = zip(keywords[::2], keywords[1::2], strict=True)
        for place, value in (*enumerate(positional), *named):
            row = self.walk.terms.rows[int(value)]
            if row[0] == op.LAMBDA:
                signature = self.walk.tables.signatures[int(row[1])]
                signature.expected = self.walk.terms[(op.EXPECTED, call, place)]

    def _known(self, function: Node, term: TermId) -> TermId:
        """What is called, where a test or an assignment said what it is."""
        known = self.walk.frame.env.chains.get(self.walk.slice(function))
        return self.walk.use(known) if known is not None else term

    def _super(self, arguments: Node, term: TermId) -> TermId:
        """The proxy of ``super()`` in a method; 0 where it is another call."""
        frame = self.walk.frame
        owner = frame.self_class
        if owner is None or len(arguments.children) != 2 or self.walk.terms.rows[term][0] != op.NAME:
            return 0
        return self.walk.terms[(op.SUPER, owner.symbol, frame.self_binding)]

    def _arguments(
        self, node: Node, name: str, positional: list[TermId], keywords: list[str | TermId]
    ) -> int:
        """Reads arguments into the lists; gives the flag for ``*`` and ``**``, and above it their number."""
        reader, starred = self.reader, 0
        if node.kind_id != _ARGUMENTS:  # f(x for x in y)
            positional.append(reader.read(node))
            return 0
        types = _TYPE_ARGUMENTS.get(name)
        for child in node.named_children:
            kind_id = child.kind_id
            if kind_id == IDENTIFIER and not types:
                positional.append(reader.names.mention(child))
            elif kind_id == _KEYWORD_ARGUMENT:
                self._keyword(child, types[1] if types else _NO_TYPES, keywords)
            elif kind_id == _KEYWORDS_SPLAT:
                starred |= _STARRED
                reader.anything(child)
            elif types and len(positional) in types[0]:
                positional.append(reader.annotations.read(child))
            elif kind_id != COMMENT:
                positional.append(reader.read(child))
                if kind_id == LIST_SPLAT:
                    starred = (starred | _STARRED) + 256
        return starred

    def _keyword(self, node: Node, types: frozenset[str], keywords: list[str | TermId]) -> None:
        children = node.children
        if len(children) != 3:
            children = parts(node)
        if len(children) != 3:
            self.reader.anything(node)
            return
        name = self.walk.slice(children[0])
        value = self.reader.annotations.read(children[2]) if name in types else self.reader.read(children[2])
        keywords += (name, value)

    def lambda_(self, node: Node) -> TermId:
        """An anonymous function: a scope and a signature, no symbol."""
        walk, outer = self.walk, self.walk.frame
        if walk.depth > MAX_DEPTH:
            return walk.too_deep(node)
        signature = SignatureDraft(-1)
        walk.tables.signatures.append(signature)
        number = len(walk.tables.signatures) - 1
        names: dict[str, list[int]] = {}
        signature.scope = walk.tables.scope(ScopeKind.FUNCTION, outer.scope, walk.referrer, names)
        frame = Frame(outer, signature.scope, walk.referrer, names)
        frame.is_function = True
        frame.signature = signature
        frame.inherit_self(outer)
        children = parts(node)
        if len(children) > 2 and children[1].kind_id == _LAMBDA_PARAMETERS:
            self.parameters.read(children[1], signature, number, frame)
        self.declare_walruses(children[-1], frame)
        walk.frame = frame
        value = self.reader.read(children[-1])
        walk.frame = outer
        signature.returned[value] = None
        return walk.terms[(op.LAMBDA, number)]

    def declare_walruses(self, body: Node, frame: Frame) -> None:
        """A walrus in a lambda binds in the lambda."""
        walk = self.walk
        for sign in walk.walruses:
            if body.start_byte <= sign < body.end_byte:
                head = walk.text[body.start_byte : sign].rstrip()
                name = head[len(head.rstrip(_WORD)) :]
                start = body.start_byte + len(head) - len(name)
                if start not in walk.slots:
                    number = walk.tables.binding(BindingKind.ASSIGNMENT, decoded(name), frame.scope)
                    frame.names.setdefault(decoded(name), []).append(number)
                    walk.slots[start] = number
