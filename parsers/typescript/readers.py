"""What the readers of parts of a file need of the readers of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tree_sitter import Node

from isg.parsers.facts import Role, TermId

if TYPE_CHECKING:
    from isg.parsers.typescript.assignments import Assignments
    from isg.parsers.typescript.calls import Calls
    from isg.parsers.typescript.classes import Classes
    from isg.parsers.typescript.conditions import Conditions
    from isg.parsers.typescript.declare import Declarer
    from isg.parsers.typescript.documented import Documented
    from isg.parsers.typescript.functions import Functions
    from isg.parsers.typescript.imports import Imports
    from isg.parsers.typescript.interfaces import Interfaces
    from isg.parsers.typescript.literals import Literals
    from isg.parsers.typescript.members import MemberReader
    from isg.parsers.typescript.names import Names
    from isg.parsers.typescript.patterns import Patterns
    from isg.parsers.typescript.types import Types


class Reader(Protocol):
    """Reads expressions; the readers of calls, types, functions … are its parts."""

    names: Names
    assignments: Assignments
    members: MemberReader
    calls: Calls
    literals: Literals
    conditions: Conditions
    types: Types
    functions: Functions
    imports: Imports
    classes: Classes
    interfaces: Interfaces
    patterns: Patterns
    declarer: Declarer
    documented: Documented
    runner: Runner

    def read(self, node: Node) -> TermId: ...
    def operate(self, node: Node) -> TermId: ...
    def anything(self, node: Node) -> TermId: ...
    def head(self, node: Node, role: Role) -> TermId: ...
    def union(self, *terms: TermId) -> TermId: ...


class Runner(Protocol):
    """Reads statements."""

    def run(self, nodes: list[Node]) -> None: ...
    def block(self, node: Node) -> None: ...
    def statement(self, node: Node) -> None: ...
