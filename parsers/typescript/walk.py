"""The state that all readers of one file share: where the walk is, and the tables it fills."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import (
    NOTHING,
    Binding,
    BindingId,
    BindingKind,
    ImportFlag,
    ScopeId,
    ScopeKind,
    SymbolId,
    TermId,
)
from isg.parsers.flow import Environment, Origins, Reaching
from isg.parsers.recording import Recorder
from isg.parsers.source import decoded
from isg.parsers.tables import SignatureDraft, SymbolDraft, Tables
from isg.parsers.typescript.assigned import assigned_names
from isg.parsers.typescript.grammar import Syntax
from isg.parsers.typescript.jsdoc import Jsdoc
from isg.parsers.typescript.scopes import Frame, Scope, Variable

MAX_DEPTH = 400


@dataclass(slots=True)
class Plan:
    """What a declaration defines: overloads of one function share it."""

    symbol: SymbolId
    binding: BindingId
    last: int = -1  # the byte where the declaration stands that gives the symbol its place


class Walk(Recorder):
    """Where the walk is. Readers keep nothing between nodes but what stands here."""

    __slots__ = (
        "ambient",
        "assigned",
        "complexity",
        "doc",
        "expandos",
        "expectant",
        "extras",
        "frame",
        "held",
        "import_flags",
        "import_types",
        "inferring",
        "is_javascript",
        "is_script",
        "jsdoc",
        "kinds",
        "label",
        "origins",
        "overloads",
        "owner",
        "parameters",
        "plans",
        "scope",
        "slots",
        "source",
        "statements",
        "syntax",
        "vars",
    )

    deepest = MAX_DEPTH
    standing = frozenset({"syntax", "kinds", "extras"})

    def __init__(self, syntax: Syntax) -> None:
        self.syntax = syntax
        self.kinds = syntax.kinds
        self.extras = syntax.extras

    def begin(self, source: bytes, tables: Tables) -> None:
        """The walk of one file begins, in the scope of its module."""
        super().begin_file(source.decode("latin-1"), tables)
        self.source = source
        self.frame = Frame(None)
        names: dict[str, list[BindingId]] = {}
        number = tables.scope(ScopeKind.MODULE, NOTHING, 0, names)
        self.scope = Scope(number, None, self.frame, names)
        self.scope.is_module = True
        self.owner: SymbolId = 0  # the parent of symbols defined now
        self.import_flags = ImportFlag.NONE
        self.import_types: dict[int, str] = {}  # modules of import types, by their first byte
        self.inferring: Scope | None = None  # the conditional type whose `infer` is read
        self.ambient = False  # in `declare …`: everything there is exported
        self.held = -1  # the byte where the object begins that a variable of the module holds
        self.is_javascript = False  # `this.x = …` in a method declares a field
        self.jsdoc: Jsdoc | None = None  # what comments say of types, in JavaScript
        self.is_script = True  # no import and no export: its names are everybody's
        self.complexity = 0
        self.statements = 0  # read so far
        self.origins = Origins()
        self.doc: Node | None = None  # the comment just before the statement or member being read
        self.slots: dict[int, tuple[BindingId, Variable]] = {}  # what the identifier at this byte binds
        self.plans: dict[int, Plan] = {}  # by the first byte of the declaration
        self.overloads: dict[tuple[int, str], Plan] = {}  # open overload sets, by scope and name
        self.expandos: dict[SymbolId, ScopeId] = {}  # scopes of members that assignments give to symbols
        self.label = ""  # of the statement that is read next
        self.parameters: dict[str, tuple[SignatureDraft, int]] = {}  # by the key of the variable
        self.expectant: set[TermId] = (
            set()
        )  # terms with functions that take their types from where they stand
        self.assigned = assigned_names(self.text)
        self.vars = _positions(source, b"var")

    def slice(self, node: Node) -> str:
        part = self.text[node.start_byte : node.end_byte]
        return part if part.isascii() else decoded(part)

    # names

    def find(self, name: str) -> Variable | None:
        """The variable that a name means here; None where this file does not declare it."""
        scope: Scope | None = self.scope
        while scope is not None:
            variable = scope.values.get(name)
            if variable is not None:
                return variable
            scope = scope.parent
        return None

    def module_scope(self) -> Scope:
        """The innermost namespace around, or the module: where else a name may be declared by a merge."""
        scope = self.scope
        while not scope.is_module and scope.parent is not None:
            scope = scope.parent
        return scope

    def open(self, kind: ScopeKind, symbol: SymbolId) -> Scope:
        """Enters a new scope inside the current one, of the current function."""
        names: dict[str, list[BindingId]] = {}
        number = self.tables.scope(kind, self.scope.number, symbol, names)
        self.scope = Scope(number, self.scope, self.frame, names)
        self.scope.is_class = kind is ScopeKind.CLASS
        return self.scope

    def variable(self, name: str, scope: Scope) -> Variable:
        """The variable of that name in a scope, declared there if it was not."""
        known = scope.values.get(name)
        if known is None:
            known = scope.values[name] = Variable(name, scope, f"{name}#{len(self.tables.bindings)}")
        return known

    def declare(
        self, scope: Scope, kind: BindingKind, name: str, symbol: SymbolId = NOTHING, start: int = -1
    ) -> BindingId:
        """A binding of a value's name, made by the identifier at the byte *start*."""
        variable = self.variable(name, scope)
        number = self.tables.binding(kind, name, scope.number, symbol=symbol)
        scope.names.setdefault(name, []).append(number)
        if start >= 0:
            self.slots[start] = (number, variable)
        if symbol != NOTHING:
            variable.notable = True
            variable.symbol = symbol
        return number

    def declare_type(
        self,
        scope: Scope,
        kind: BindingKind,
        name: str,
        symbol: SymbolId = NOTHING,
        is_parameter: bool = False,
    ) -> BindingId:
        """A binding of a name that only types have."""
        scope.types[name] = is_parameter
        number = self.tables.binding(kind, name, scope.number, symbol=symbol)
        scope.names.setdefault(name, []).append(number)
        return number

    def fill(self, number: BindingId, term: TermId, declared: TermId = 0, scope: ScopeId = NOTHING) -> None:
        """What a planned binding stands for is known now."""
        bindings = self.tables.bindings
        old = bindings[number]
        scope = old.scope if scope == NOTHING else scope
        bindings[number] = Binding(
            old.kind, old.name, scope, term, declared or old.declared, old.symbol, old.instance
        )

    def bind(self, start: int, term: TermId, declared: TermId = 0) -> BindingId:
        """The identifier at this byte is bound now; its binding, or NOTHING where none was planned."""
        slot = self.slots.get(start)
        if slot is None:
            return NOTHING
        number, variable = slot
        self.fill(number, term, declared)
        if variable.frame is self.frame:
            self.frame.env.bind(variable.key, number)
        return number

    def assign(self, variable: Variable, term: TermId) -> BindingId:
        """A declared variable gets another value."""
        number = self.tables.binding(
            BindingKind.ASSIGNMENT, variable.name, variable.scope, term, symbol=variable.symbol
        )
        self.tables.scopes[variable.scope].names[variable.name].append(number)
        if variable.frame is self.frame:
            self.frame.env.bind(variable.key, number)
        return number

    def is_fixed(self, variable: Variable) -> bool:
        """Whether nothing assigns to the variable after its declaration."""
        return variable.constant or variable.name not in self.assigned

    def use(self, reaching: Reaching) -> TermId:
        return self.terms[(op.USE, *reaching)]

    def member(
        self,
        scope: ScopeId,
        kind: BindingKind,
        name: str,
        term: TermId = 0,
        declared: TermId = 0,
        symbol: SymbolId = NOTHING,
        instance: bool = False,
    ) -> BindingId:
        """A binding of a member's name in its class, interface or object: no variable."""
        number = self.tables.binding(kind, name, scope, term, declared, symbol, instance)
        self.tables.scopes[scope].names.setdefault(name, []).append(number)
        return number

    # symbols

    def define(self, kind: str, name: str, name_node: Node, whole: Node) -> SymbolId:
        """A new symbol at this name; *whole* is its definition."""
        unit_line = self.unit_line
        row, column = name_node.start_point
        return self.tables.symbol(
            SymbolDraft(
                kind,
                name,
                self.owner,
                self.unit,
                row + 1 - unit_line,
                column + 1,
                whole.start_point[0] + 1 - unit_line,
                whole.end_point[0] + 1 - unit_line,
            )
        )

    # environments

    def merge(self, one: Environment, other: Environment) -> Environment:
        return self.origins.merge(one, other)

    def loosen(self, env: Environment, node: Node) -> Environment:
        """The environment where what is assigned inside a loop or try may have any of its values."""
        env = env.fork()
        start, end, assigned = node.start_byte, node.end_byte, self.assigned
        for key in env.names:
            if _within(assigned.get(key.partition("#")[0]), start, end):
                env.names[key] = ()
        for key in list(env.chains):
            root, _, members = key.partition(".")
            names = (root.partition("#")[0], *members.split("."))
            if any(_within(assigned.get(name), start, end) for name in names):
                del env.chains[key]
        return env


def _within(positions: list[int] | None, start: int, end: int) -> bool:
    if not positions:
        return False
    at = bisect_left(positions, start)
    return at < len(positions) and positions[at] < end


def _positions(source: bytes, word: bytes) -> list[int]:
    found: list[int] = []
    at = source.find(word)
    while at >= 0:
        found.append(at)
        at = source.find(word, at + 1)
    return found
