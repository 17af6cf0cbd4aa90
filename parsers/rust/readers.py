"""What the readers of one construct need of those of others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tree_sitter import Node

from isg.parsers.facts import TermId

if TYPE_CHECKING:
    from isg.parsers.rust.attributes import Attributes
    from isg.parsers.rust.calls import Calls
    from isg.parsers.rust.closures import Closures
    from isg.parsers.rust.control import Control
    from isg.parsers.rust.macros import Macros
    from isg.parsers.rust.parameters import Parameters
    from isg.parsers.rust.paths import Paths
    from isg.parsers.rust.patterns import Patterns
    from isg.parsers.rust.types import Types


class ItemReader(Protocol):
    """Reads definitions."""

    def run(self, nodes: list[Node]) -> None: ...
    def one(self, node: Node, attributes: Attributes) -> None: ...
    def expanded(self, path: Node) -> None: ...


class Reader(Protocol):
    """Reads expressions; the readers of paths, types, patterns … are its parts."""

    paths: Paths
    types: Types
    patterns: Patterns
    parameters: Parameters
    calls: Calls
    closures: Closures
    control: Control
    macros: Macros

    @property
    def items(self) -> ItemReader: ...

    def read(self, node: Node) -> TermId: ...
    def anything(self, node: Node) -> TermId: ...
