"""Impl blocks: which ones are for a type, and what each says.

Rules: The Rust Reference, "Implementations" (inherent ones stand in the crate of the type, those of traits
in the crate of the trait or of a type in its head) and "Generic implementations". Blocks are found by the
name of the type they are for, and then held against the type itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.values import NOTHING, ClassEntity, Entity, Foreign, Instance, TupleEntity, Value
from isg.graph.semantics.rust.entities import FunctionType, Opaque, TraitBound
from isg.graph.semantics.rust.generics import Mapping_, closed, same_class
from isg.graph.semantics.rust.outlines import Index, Place

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

# The stubs whose traits are implemented for every type that meets some bounds.
_BLANKET = ("borrow", "clone", "cmp", "convert", "default", "iter", "string")


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """What the head of an impl block says."""

    module: Module
    symbol: int
    self_type: Value
    trait: TraitBound | None
    is_inherent: bool
    class_: ClassEntity | None  # the type that it is for, where it is for one type by its name
    readers: set[Module | None] = field(default_factory=set)  # who is known to rest on it


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """An impl block that is for a type, with its variables solved."""

    head: Head
    mapping: Mapping_
    trait: TraitBound | None  # with the variables replaced

    def trait_place(self) -> Place | None:
        """Where the trait is defined that it implements."""
        return (self.trait.trait.module, self.trait.trait.symbol) if self.trait is not None else None


class Blocks:
    """The impl blocks that are for a type, in order; their names by file, and the traits that they are of."""

    __slots__ = ("matches", "names", "traits")

    def __init__(self, matches: Iterable[Match]) -> None:
        self.matches = tuple(matches)
        heads = [match.head for match in self.matches]
        names = [(head.module, head.module.facts.symbols[head.symbol].name) for head in heads]
        self.names = tuple(dict.fromkeys(names))
        self.traits = tuple(dict.fromkeys(place for each in self.matches if (place := each.trait_place())))

    def __iter__(self) -> Iterator[Match]:
        return iter(self.matches)


class Impls:
    """Finds the impl blocks of types."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust
        self._blocks: dict[tuple[str, Entity], Blocks] = {}
        self._running: set[tuple[int, int, Entity]] = set()

    def head(self, module: Module, symbol: int) -> Head:
        """The head of an impl block."""
        found: Head | None = module.memo.get(("head", symbol))
        if found is None:
            found = module.memo["head", symbol] = self._head(module, symbol)
        reader = self._rust.reader
        if reader not in found.readers:
            found.readers.add(reader)
            self._rust.consult(module, "impl", module.path, module.qualified[symbol])
        return found

    def _head(self, module: Module, symbol: int) -> Head:
        before = self._rust.reading(module)
        try:
            keywords = dict(module.facts.symbols[symbol].keywords)
            self_type = self._rust.types.of(module, keywords.get("self", 0))
            trait = None
            if "trait" in keywords:
                found = self._rust.types.bounds(module, keywords["trait"])
                trait = next((bound for bound in found if isinstance(bound, TraitBound)), None)
            named = self_type[0].type if len(self_type) == 1 and isinstance(self_type[0], Instance) else None
            return Head(module, symbol, self_type, trait, "trait" not in keywords, named)
        finally:
            self._rust.reading(before)

    # the blocks for a type

    def of(self, entity: Entity) -> Blocks:
        """The impl blocks that are for a type, as the crate that is being read can see them."""
        group = self._group()
        key = (group, entity)
        found = self._blocks.get(key)
        if found is not None:
            self._note(group, entity)
            return found
        found = Blocks(self._find(group, entity))
        self._blocks[key] = found
        return found

    def _group(self) -> str:
        """The crate that is being read."""
        reader = self._rust.reader
        return "" if reader is None or reader.library else self._rust.crates.group(reader.path)

    def _note(self, group: str, entity: Entity) -> None:
        """Record what an earlier answer rests on for the file that asks now: also blocks not for it."""
        if self._rust.remembered.is_new("impls", entity):
            for index in self._indexes(group, entity):
                for module, symbol in self._candidates(index, entity):
                    self.head(module, symbol)

    def _find(self, group: str, entity: Entity) -> Iterator[Match]:
        for index in self._indexes(group, entity):
            for module, symbol in self._candidates(index, entity):
                found = self._match(module, symbol, entity)
                if found is not None:
                    yield found

    def blankets(self, entity: Entity) -> Iterator[Place]:
        """The impl blocks for every type that meets their bounds."""
        for index in self._indexes(self._group(), entity):
            yield from index.blanket
        yield from self._blankets_of_library()

    def _blankets_of_library(self) -> Iterator[Place]:
        for name in _BLANKET:
            library = self._rust.library(name)
            if library is not None:
                yield from self._rust.outlines.library(library).blanket

    def blankets_giving(self, entity: Entity, name: str) -> Iterator[Place]:
        """Those of them that may give a type a member of the name."""
        group, home = self._group(), _home(entity)
        yield from self._rust.once(("blankets", name), lambda: tuple(self._seen_giving(group, name)))
        if home is not None and home.library:
            blanket = self._rust.outlines.library(home).blanket
            yield from (place for place in blanket if self._gives(*place, name))
        yield from self._library_blankets.get(name, ())

    def _seen_giving(self, group: str, name: str) -> Iterator[Place]:
        for visible in self._rust.crates.visible(group) if group else ():
            for place in self._rust.outlines.index(visible).blanket:
                if self._gives(*place, name):
                    yield place

    def _gives(self, module: Module, symbol: int, name: str) -> bool:
        trait = self.head(module, symbol).trait
        if trait is None:
            return False
        return bool(
            self.member(module, symbol, name) or self.member(trait.trait.module, trait.trait.symbol, name)
        )

    @cached_property
    def _library_blankets(self) -> dict[str, list[Place]]:
        """The blanket impls of the library by the names of what they give."""
        found: dict[str, list[Place]] = {}
        for place in self._blankets_of_library():
            trait = self.head(*place).trait
            if trait is not None:
                names = (*_names_in(*place), *_names_in(trait.trait.module, trait.trait.symbol))
                for name in dict.fromkeys(names):
                    found.setdefault(name, []).append(place)
        return found

    def _indexes(self, group: str, entity: Entity) -> Iterator[Index]:
        if group:
            for visible in self._rust.crates.visible(group):
                yield self._rust.outlines.index(visible)
        home = _home(entity)
        if home is not None and home.library:
            yield self._rust.outlines.library(home)

    def _candidates(self, index: Index, entity: Entity) -> Iterator[Place]:
        name = _name(entity)
        if name is not None:
            yield from index.named.get(name, ())
        yield from index.unnamed

    def _match(self, module: Module, symbol: int, entity: Entity) -> Match | None:
        head = self.head(module, symbol)
        if head.class_ and isinstance(entity, Instance) and not same_class(head.class_, entity.type):
            return None
        mapping: Mapping_ = {}
        if not self._rust.generics.unifies(head.self_type, entity, mapping):
            return None
        trait = head.trait
        if trait is not None:  # what the type does not tell of it, it does not say
            variables = self._rust.types.parameters(module, symbol)
            trait = self._rust.generics.bound(trait, closed(head.self_type, variables, mapping))
        return Match(head, mapping, trait)

    def match_blanket(self, module: Module, symbol: int, entity: Entity) -> Match | None:
        """A blanket impl as one for this type, where the type meets its bounds."""
        key = (id(module), symbol, entity)
        if key in self._running:
            return None
        self._running.add(key)
        self._rust.remembered.open += 1
        try:
            match = self._match(module, symbol, entity)
            if match is None:
                return None
            for variable in self._rust.types.parameters(module, symbol):
                for bound in self._rust.types.bounds_of_variable(variable):
                    if not self._meets(match.mapping.get(variable, NOTHING), bound):
                        return None
            return match
        finally:
            self._rust.remembered.open -= 1
            self._running.discard(key)

    def _meets(self, value: Value, bound: Entity) -> bool:
        """Whether a type meets a bound; one that the type of the receiver does not tell may be any."""
        if not value:
            return True
        if isinstance(bound, FunctionType):
            return any(not isinstance(e, Instance) for e in value)
        if not isinstance(bound, TraitBound):
            return True
        return any(self._rust.projections.implements(e, bound.trait) is not None for e in value)

    # members

    def member(self, module: Module, block: int, name: str) -> tuple[int, ...]:
        """The bindings of a name in an impl block, trait or type."""
        if self._rust.reader is not module and not module.library:
            self._rust.consult(module, "member", module.path, module.qualified[block], name)
        scope = module.facts.symbols[block].scope
        return module.facts.scopes[scope].names.get(name, ()) if scope >= 0 else ()

    def giving(self, module: Module, block: str, name: str) -> tuple[int, ...]:
        """The impl blocks of a name in a file that have a member of a name, in order."""
        self._rust.consult(module, "gives", module.path, block, name)
        found: dict[tuple[str, str], tuple[int, ...]] | None = module.memo.get(("gives", 0))
        if found is None:
            found = module.memo["gives", 0] = _members_of_blocks(module)
        return found.get((block, name), ())

    def derived(self, entity: Entity) -> Iterator[Entity]:
        """The traits that the definition of a type derives, with those that they ask for."""
        if not isinstance(entity, Instance):
            return
        module, symbol = entity.type.module, entity.type.symbol
        self._rust.consult(module, "symbol", module.path, module.qualified[symbol])
        for keyword, term in module.facts.symbols[symbol].keywords:
            if keyword == "implements":
                yield from self._rust.projections.implied(self._rust.types.bounds(module, term), entity)


def _name(entity: Entity) -> str | None:
    """The name that impl blocks for a type bear."""
    if isinstance(entity, Instance):
        name = entity.type.module.facts.symbols[entity.type.symbol].name
        return "[]" if name == "slice" and entity.type.module.library else name
    if isinstance(entity, TupleEntity):
        return "()"
    if isinstance(entity, Opaque):
        first = entity.bounds[0] if entity.bounds else None
        if isinstance(first, TraitBound):
            return first.trait.module.facts.symbols[first.trait.symbol].name
    if isinstance(entity, Foreign):
        return entity.name.rpartition("::")[2]
    return None


def _names_in(module: Module, block: int) -> Iterable[str]:
    scope = module.facts.symbols[block].scope
    return module.facts.scopes[scope].names if scope >= 0 else ()


def _members_of_blocks(module: Module) -> dict[tuple[str, str], tuple[int, ...]]:
    """The impl blocks of a file by their names and those of their members."""
    found: dict[tuple[str, str], list[int]] = {}
    for symbol, fact in enumerate(module.facts.symbols):
        if fact.kind == "impl":
            for name in _names_in(module, symbol):
                found.setdefault((fact.name, name), []).append(symbol)
    return {key: tuple(symbols) for key, symbols in found.items()}


def _home(entity: Entity) -> Module | None:
    """The file that defines a type."""
    return entity.type.module if isinstance(entity, Instance) else None
