"""One file as the linker sees it: its facts, its name, and the names of what it defines."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from isg.graph.linking.values import Value
from isg.graph.model import Confidence, SymbolKind, symbol_id
from isg.parsers.facts import FileFacts
from isg.parsers.languages import FAMILIES

if TYPE_CHECKING:
    from isg.graph.linking.semantics import Definition, Naming


class Module:
    """A file of the project, or a stub file of the language's library (``library``)."""

    def __init__(
        self,
        path: str,
        naming: Naming,
        load: Callable[[], FileFacts],
        separator: str = ".",
        *,
        library: bool = False,
    ) -> None:
        self.path = path
        self.name = naming.name
        self._load = load
        self._separator = separator
        self.is_package = naming.package
        self.library = library
        self._taken = naming.taken
        self._ids: dict[int, int] = {}
        self.values: dict[int, Value] = {}  # of its terms
        self.memo: dict[tuple[str, int], Any] = {}  # final answers to other questions about it
        self.answers: dict[tuple[Hashable, ...], Any] = {}  # final ones about others, found as it was read
        self.meanings: dict[int, tuple[tuple[Definition, Confidence], ...]] = {}  # of its naming terms

    def __repr__(self) -> str:
        return f"Module({self.path})"

    @cached_property
    def facts(self) -> FileFacts:
        """What the file says, loaded when first needed; without references where they are kept apart."""
        return self._load()

    def keep(self, kind: str, index: int, answer: Any) -> None:  # noqa: ANN401 - each kind has its own
        """Remember a final answer about this file."""
        if kind == "value":
            self.values[index] = answer
        else:
            self.memo[kind, index] = answer

    def renew(self) -> None:
        """Load the facts again when they are needed; names and numbers in them are what they were."""
        self.__dict__.pop("facts", None)

    def forget(self) -> None:
        """Let go of all that can be had again from the facts: nobody else asks for this file, so far."""
        for name in ("facts", "qualified", "symbol_of_name"):
            self.__dict__.pop(name, None)
        for kept in (self.values, self.memo, self.answers, self.meanings, self._ids):
            kept.clear()

    @cached_property
    def qualified(self) -> tuple[str, ...]:
        """The name of each symbol within the module; a name defined again gets ``~2``, ``~3`` …

        The name of a submodule is taken: a definition in a package that is called like one comes second.
        What stands in an ``impl`` block is named under the type that the block is for.
        """
        seen = dict.fromkeys(self._taken, 1)
        names: list[str] = []
        prefixes: list[str] = []
        for symbol in self.facts.symbols:
            if symbol.parent < 0:
                names.append("")
                prefixes.append("")
                continue
            outer = prefixes[symbol.parent]
            prefix = outer + symbol.name
            name = f"{outer}impl {symbol.name}" if symbol.kind == SymbolKind.IMPL_BLOCK else prefix
            count = seen[name] = seen.get(name, 0) + 1
            distinct = name if count == 1 else f"{name}~{count}"
            names.append(distinct)
            prefixes.append((prefix if symbol.kind == SymbolKind.IMPL_BLOCK else distinct) + self._separator)
        return tuple(names)

    @cached_property
    def symbol_of_name(self) -> dict[str, int]:
        """Symbol indexes by their names within the module."""
        return {name: index for index, name in enumerate(self.qualified)}

    def full_name(self, symbol: int) -> str:
        """The name of a symbol from the root of the module names."""
        inner = self.qualified[symbol]
        return f"{self.name}{self._separator}{inner}" if inner else self.name

    @cached_property
    def family(self) -> str:
        """The family of its language, whose names it shares."""
        return FAMILIES[self.facts.language]

    def key(self, symbol: int) -> str:
        return f"{self.family}:{self.full_name(symbol)}"

    def symbol_id(self, symbol: int, package: str) -> int:
        """The id of a symbol in the graph; a module belongs to one package."""
        found = self._ids.get(symbol)
        if found is None:
            found = self._ids[symbol] = symbol_id(self.family, package, self.key(symbol))
        return found

    def line(self, unit: int, line: int) -> int:
        """The absolute line, 1-based, of a line relative to its unit."""
        return self.facts.units[unit] + line
