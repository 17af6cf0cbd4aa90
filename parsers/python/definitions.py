"""Functions, classes and type aliases."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import (
    NOTHING,
    Binding,
    ReferenceFlag,
    Role,
    ScopeKind,
    SignatureFlag,
    TermId,
)
from isg.parsers.python.declare import Declarer
from isg.parsers.python.docs import docstring, is_abstract
from isg.parsers.python.flow import Frame
from isg.parsers.python.grammar import ATTRIBUTE, BLOCKS, CALL, IDENTIFIER, SUBSCRIPT, kind, named, parts
from isg.parsers.python.modifiers import class_modifiers, function_modifiers
from isg.parsers.python.readers import Reader, Runner
from isg.parsers.python.signature_text import clean_line
from isg.parsers.python.source import decoded
from isg.parsers.python.type_parameters import TypeParameters
from isg.parsers.python.walk import CHECKED, CONDITIONAL, STATEMENT, TRY, DefinitionPlan, Walk
from isg.parsers.tables import SignatureDraft, SymbolDraft

# A definition under a condition or in a try of its scope may not be the one that its name means.
_CONDITIONAL = CONDITIONAL | TRY
_DECORATOR = kind("decorator")
_FUNCTION = kind("function_definition")
_CLASS = kind("class_definition")
_PARAMETERS = kind("parameters")
_TYPE_PARAMETERS = kind("type_parameter")
_TYPE = kind("type")
_ARGUMENTS = kind("argument_list")
_KEYWORD_ARGUMENT = kind("keyword_argument")
_SPLAT = kind("dictionary_splat")
_ENUMS = frozenset({"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"})
_CLASS_METHODS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})


class Definitions:
    """Reads definitions: heads in the scope around them, bodies in their own."""

    def __init__(self, walk: Walk, reader: Reader, runner: Runner) -> None:
        self.walk = walk
        self.reader = reader
        self.runner = runner
        self.declarer = Declarer(walk)
        self.type_parameters = TypeParameters(walk, reader)

    def decorated(self, node: Node) -> None:
        decorators: list[tuple[str, TermId]] = []
        definition: Node | None = None
        for child in node.children:
            if child.kind_id == _DECORATOR:
                decorators.append(self._decorator(child))
            elif child.kind_id in (_FUNCTION, _CLASS):
                definition = child
                self.walk.marks.append(child.start_byte << 2 | STATEMENT)  # its head begins here
        if definition is not None:
            self._define(definition, node, decorators)

    def function(self, node: Node) -> None:
        self._define(node, node, [])

    def class_(self, node: Node) -> None:
        self._define(node, node, [])

    def _decorator(self, node: Node) -> tuple[str, TermId]:
        """A decorator's text without arguments, and its term."""
        expression = named(node.children)
        if not expression:
            return "", 0
        target = expression[0]
        complexity = self.walk.complexity
        if target.kind_id == IDENTIFIER:
            term = self.reader.names.mention(target, Role.DECORATE)
        elif target.kind_id == ATTRIBUTE:
            term = self.reader.member(target, Role.DECORATE)
        elif target.kind_id == CALL:
            term = self.reader.calls.call(target, ReferenceFlag.DECORATOR.value)
            target = target.children[0]
        else:
            term = self.reader.read(target)
        self.walk.complexity = complexity
        return self.walk.slice(target), term

    def _define(self, node: Node, whole: Node, decorators: list[tuple[str, TermId]]) -> None:
        walk = self.walk
        plan = walk.plans.get(node.start_byte)
        if plan is None:
            self.runner.run(node.named_children)
            return
        outer, unit, complexity, statements = walk.frame, walk.unit, walk.complexity, walk.statements
        import_flags, referrer = walk.import_flags, walk.referrer
        draft = walk.tables.symbols[plan.symbol]
        walk.referrer = plan.symbol
        read = self._class if node.kind_id == _CLASS else self._function
        walk.import_flags &= CHECKED
        read(node, plan, draft, decorators)
        walk.referrer, walk.import_flags, walk.frame = referrer, import_flags, outer
        walk.complexity = complexity
        if plan.role != "accessor":
            draft.statements = walk.statements - statements
            if import_flags & _CONDITIONAL and "conditional" not in draft.modifiers:
                draft.modifiers = (*draft.modifiers, "conditional")
        if plan.role != "sole":
            draft.declarations += (self.walk.declaration(node, whole),)
            self._span(draft, plan, whole)
        self._bind(plan, draft, decorators)
        assert unit == walk.unit

    def _span(self, draft: SymbolDraft, plan: DefinitionPlan, whole: Node) -> None:
        """A property's span includes accessors that adjoin; an overload set stands at its implementation."""
        units, unit = self.walk.tables.units, self.walk.unit
        start, end = whole.start_point[0] + 1, whole.end_point[0] + 1
        known_start, known_end = units[draft.unit] + draft.start, units[draft.unit] + draft.end
        if start == known_start:
            return
        if plan.role == "implementation":
            draft.unit = unit
            draft.start = start - units[unit]
            draft.end = end - units[unit]
        elif plan.role == "accessor" and start <= known_end + 3:
            draft.end = max(known_end, end) - units[draft.unit]

    def _bind(self, plan: DefinitionPlan, draft: SymbolDraft, decorators: list[tuple[str, TermId]]) -> None:
        walk = self.walk
        old = walk.tables.bindings[plan.binding]
        term = old.term
        if plan.role != "accessor":
            term = walk.terms[(op.SYMBOL, plan.symbol)]
            for text, decorator in reversed(decorators):
                if text.rpartition(".")[2] != "overload":
                    term = walk.terms[(op.DECORATE, decorator, term)]
        walk.tables.bindings[plan.binding] = Binding(
            old.kind, old.name, old.scope, term, old.declared, old.symbol, old.instance
        )
        walk.reach(old.name, plan.binding)

    # functions

    def _function(
        self, node: Node, plan: DefinitionPlan, draft: SymbolDraft, decorators: list[tuple[str, TermId]]
    ) -> None:
        tables, outer = self.walk.tables, self.walk.frame
        signature = SignatureDraft(plan.symbol)
        tables.signatures.append(signature)
        number = len(tables.signatures) - 1
        self.type_parameters.enter(node, draft)
        head, body = self.function_in(outer, node, signature, number, draft, decorators)
        self._describe(node, plan, draft, number, head, body, decorators, outer.is_class)

    def function_in(
        self,
        outer: Frame,
        node: Node,
        signature: SignatureDraft,
        number: int,
        draft: SymbolDraft,
        decorators: list[tuple[str, TermId]],
    ) -> tuple[str, Node | None]:
        """Reads a function that stands in a scope, head and body; gives the line of the one and the other."""
        walk, names = self.walk, dict[str, list[int]]()
        signature.scope = walk.tables.scope(ScopeKind.FUNCTION, walk.frame.scope, signature.symbol, names)
        frame = Frame(walk.frame, signature.scope, signature.symbol, names)
        frame.is_function = True
        frame.signature = signature
        body = self._head(node, signature, number, frame)
        self._own_self(frame, outer, outer if outer.is_class else None, signature, draft.name, decorators)
        if node.children and node.children[0].type == "async":
            signature.flags |= SignatureFlag.ASYNC
        head = clean_line(decoded(walk.text[node.start_byte : _head_end(node, body)]))
        draft.heads += (head,)
        walk.frame = frame
        walk.complexity = 1
        if body is not None:
            if is_abstract(walk, body):
                signature.flags |= SignatureFlag.ABSTRACT_BODY
            self.declarer.body(body.children)
            self.runner.block(body)
            draft.bodies += ((body.start_byte, body.end_byte),)
        if signature.yielded:
            signature.flags |= SignatureFlag.GENERATOR
        return head, body

    def _head(self, node: Node, signature: SignatureDraft, number: int, frame: Frame) -> Node | None:
        """Reads parameters and return annotation in the scope around; gives the body's block."""
        body = None
        for child in node.children:
            kind_id = child.kind_id
            if kind_id == _PARAMETERS:
                self.reader.calls.parameters.read(child, signature, number, frame)
            elif kind_id == _TYPE:
                signature.returns = self.reader.annotations.read(child)
            elif kind_id in BLOCKS:
                body = child
        return body

    def _own_self(
        self,
        frame: Frame,
        outer: Frame,
        owner: Frame | None,
        signature: SignatureDraft,
        name: str,
        decorators: list[tuple[str, TermId]],
    ) -> None:
        """What ``self`` and ``cls`` are in the body: the method's first parameter, or what closures see."""
        if owner is None:
            if outer.self_class is not None and outer.self_name not in frame.names:
                frame.inherit_self(outer)
            elif outer.self_class is not None:
                frame.self_class, frame.self_binding = outer.self_class, outer.self_binding
            return
        texts = {text.rpartition(".")[2] for text, _ in decorators}
        if "staticmethod" in texts or not signature.parameters or signature.parameters[0].kind > 1:
            frame.self_class = None
            return
        first = signature.parameters[0].name
        frame.self_name = first
        frame.self_class = owner
        frame.self_binding = frame.names[first][0] if first in frame.names else NOTHING
        frame.self_instance = "classmethod" not in texts and name not in _CLASS_METHODS

    def _describe(
        self,
        node: Node,
        plan: DefinitionPlan,
        draft: SymbolDraft,
        number: int,
        head: str,
        body: Node | None,
        decorators: list[tuple[str, TermId]],
        is_method: bool,
    ) -> None:
        walk = self.walk
        modifiers = function_modifiers(
            [text for text, _ in decorators], head.startswith("async"), is_method, draft.name
        )
        if plan.role == "accessor":
            draft.modifiers = tuple(dict.fromkeys((*draft.modifiers, *modifiers)))
            draft.kind = "property" if is_method else draft.kind
            return
        if plan.role == "implementation":
            self._place_name(node, draft)
        draft.signatures = (*draft.signatures, number)
        if plan.role == "overload" and len(draft.signatures) > 1:
            return
        draft.modifiers = tuple(dict.fromkeys((*draft.modifiers, *modifiers)))
        draft.signature = head
        draft.complexity = walk.complexity
        draft.scope = walk.tables.signatures[number].scope
        draft.doc = docstring(walk, body) or draft.doc
        draft.decorators = tuple(term for _, term in decorators)

    def _place_name(self, node: Node, draft: SymbolDraft) -> None:
        """Moves a symbol to this definition's name."""
        name = node.child_by_field_name("name")
        if name is not None:
            draft.line, draft.column = self.walk.place(name)

    # classes

    def _class(
        self, node: Node, plan: DefinitionPlan, draft: SymbolDraft, decorators: list[tuple[str, TermId]]
    ) -> None:
        walk = self.walk
        outer = walk.frame
        self.type_parameters.enter(node, draft)
        body = None
        for child in node.children:
            if child.kind_id == _ARGUMENTS:
                self._bases(child, draft)
            elif child.kind_id in BLOCKS:
                body = child
        names: dict[str, list[int]] = {}
        draft.scope = walk.tables.scope(ScopeKind.CLASS, walk.frame.scope, plan.symbol, names)
        frame = Frame(walk.frame, draft.scope, plan.symbol, names)
        frame.is_class = True
        frame.self_class, frame.self_binding, frame.self_name = None, NOTHING, ""
        draft.signature = clean_line(decoded(walk.text[node.start_byte : _head_end(node, body)]))
        draft.modifiers = class_modifiers([text for text, _ in decorators])
        draft.decorators = tuple(term for _, term in decorators)
        draft.heads = (draft.signature,)
        walk.frame = frame
        if body is not None:
            draft.doc = docstring(walk, body)
            draft.bodies = ((body.start_byte, body.end_byte),)
            self.declarer.body(body.children)
            self.runner.block(body)
        walk.frame = outer

    def _bases(self, node: Node, draft: SymbolDraft) -> None:
        walk = self.walk
        bases: list[TermId] = []
        for child in named(node.children):
            if child.kind_id == _KEYWORD_ARGUMENT:
                children = parts(child)
                value = self.reader.read(children[-1])
                draft.keywords = (*draft.keywords, (walk.slice(children[0]), value))
            elif child.kind_id == _SPLAT:
                self.reader.anything(child)
            else:
                bases.append(self._base(child))
                name = _last_name(walk, child)
                if name in _ENUMS:
                    draft.kind = "enum"
                elif name == "Protocol":
                    draft.kind = "protocol"
        draft.bases = tuple(bases)

    def _base(self, node: Node) -> TermId:
        """A base as written: its own name is INHERIT, its type arguments are TYPE."""
        if node.kind_id == IDENTIFIER:
            return self.reader.names.mention(node, Role.INHERIT)
        if node.kind_id == ATTRIBUTE:
            return self.reader.member(node, Role.INHERIT)
        if node.kind_id == SUBSCRIPT:
            children = named(node.children)
            base = self._base(children[0])
            return self.reader.annotations.subscripted(children[0], base, children[1:])
        return self.reader.read(node)

    def type_alias(self, node: Node) -> None:
        """``type X[T] = …``"""
        walk = self.walk
        outer = walk.frame
        children = parts(node)
        if len(children) != 4:
            self.reader.anything(node)
            return
        left, value = children[1], children[3]
        generic = left.children[0] if left.children else left
        name_node = generic if generic.kind_id == IDENTIFIER else generic.children[0]
        number = walk.slots.get(name_node.start_byte, NOTHING)
        symbol = walk.tables.bindings[number].symbol if number != NOTHING else NOTHING
        draft = walk.tables.symbols[symbol] if symbol != NOTHING else None
        if generic is not name_node:
            self.type_parameters.enter_list(named(generic.children)[1:], draft)
        term = self.reader.annotations.read(value)
        walk.frame = outer
        if draft is not None:
            draft.signature = clean_line(walk.slice(node))
            draft.end = node.end_point[0] + 1 - walk.unit_line
        walk.bind(name_node.start_byte, term)


def _head_end(node: Node, body: Node | None) -> int:
    """The byte behind a head: its colon."""
    for child in reversed(node.children):
        if child.type == ":":
            return child.start_byte
    return body.start_byte if body is not None else node.end_byte


def _last_name(walk: Walk, node: Node) -> str:
    if node.kind_id == SUBSCRIPT:
        node = node.children[0]
    return walk.slice(node).rpartition(".")[2] if node.kind_id in (IDENTIFIER, ATTRIBUTE) else ""
