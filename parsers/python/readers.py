"""What the readers of parts of expressions need of the reader of whole ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tree_sitter import Node

from isg.parsers.facts import Form, Role, TermId

if TYPE_CHECKING:
    from isg.parsers.python.annotations import Annotations
    from isg.parsers.python.calls import Calls
    from isg.parsers.python.comprehensions import Comprehensions
    from isg.parsers.python.conditions import Conditions
    from isg.parsers.python.displays import Displays
    from isg.parsers.python.names import Names


class Reader(Protocol):
    """Reads expressions; the readers of calls, tests, displays … are its parts."""

    names: Names
    calls: Calls
    conditions: Conditions
    annotations: Annotations
    displays: Displays
    comprehensions: Comprehensions

    def read(self, node: Node) -> TermId: ...
    def anything(self, node: Node) -> TermId: ...
    def member(self, node: Node, role: Role) -> TermId: ...
    def member_parts(self, node: Node) -> tuple[TermId, str, Node, Form]: ...
    def subscript_parts(self, node: Node) -> tuple[TermId, TermId, Node]: ...
    def union(self, *terms: TermId) -> TermId: ...
    def is_chain(self, node: Node) -> bool: ...


class Runner(Protocol):
    """Reads statements."""

    def block(self, node: Node) -> None: ...
    def body_of(self, node: Node) -> None: ...
    def run(self, nodes: list[Node]) -> None: ...
