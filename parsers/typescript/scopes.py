"""Scopes and variables: where names are declared, and the function whose flow they belong to.

ECMAScript scoping is static (ECMA-262, 9.1): ``var`` and parameters belong to the function, ``let``,
``const``, ``class`` and, in blocks, ``function`` to the block. TypeScript adds names of types beside those
of values; one declaration may give both.
"""

from __future__ import annotations

from isg.parsers.facts import NOTHING, BindingId, ScopeId, SymbolId, TermId
from isg.parsers.flow import Environment
from isg.parsers.tables import SignatureDraft


class Variable:
    """A name of a value in one scope, whatever gives it one."""

    __slots__ = ("constant", "frame", "key", "name", "notable", "scope", "symbol")

    def __init__(self, name: str, scope: Scope, key: str) -> None:
        self.name = name
        self.scope = scope.number
        self.frame = scope.frame
        self.key = key  # no other variable of the file has it
        self.constant = False  # never assigned after its declaration
        self.notable = False  # more than a plain local: mentions of it are references
        self.symbol: SymbolId = NOTHING


class Scope:
    """The names of a block, function, class head, namespace or module."""

    __slots__ = ("exports", "frame", "is_class", "is_module", "names", "number", "parent", "types", "values")

    def __init__(
        self, number: ScopeId, parent: Scope | None, frame: Frame, names: dict[str, list[BindingId]]
    ) -> None:
        self.number = number
        self.parent = parent
        self.frame = frame
        self.names = names
        self.values: dict[str, Variable] = {}
        self.types: dict[str, bool] = {}  # names of types, and whether they are type parameters
        self.is_module = False  # the module, or a namespace: its variables are symbols
        self.is_class = False  # its names are members, which no plain name means
        self.exports: ScopeId = NOTHING


class Frame:
    """A function, or the module: what flows in order."""

    __slots__ = (
        "awaiting",
        "breaks",
        "env",
        "expected_return",
        "members",
        "parent",
        "signature",
        "super",
        "this",
    )

    def __init__(self, parent: Frame | None) -> None:
        self.parent = parent
        self.env = Environment({}, {})
        self.signature: SignatureDraft | None = None
        self.this: TermId = 0
        self.super: TermId = 0  # what `super` stands for
        self.members: ScopeId = NOTHING  # where `this.x = …` makes a member
        self.breaks: list[tuple[str, list[Environment]]] = []  # what a break leaves: its label, its ends
        self.expected_return: TermId = 0

    def inherit(self, outer: Frame) -> None:
        """Arrow functions have the ``this`` of the function around them."""
        self.this = outer.this
        self.super = outer.super
        self.members = outer.members
