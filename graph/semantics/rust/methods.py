"""Members of values: fields, and methods by the rules of method lookup.

Rules: The Rust Reference, "Method-call expressions": for each type on the way of dereferencing, inherent
methods come first, then those of traits that are in scope. That is asked of the whole file, and where a
method is found in no other way, one of a trait out of scope is taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN_VALUE,
    ClassEntity,
    Entity,
    Foreign,
    Function,
    Instance,
    Lambda,
    TupleEntity,
    TypeVariable,
    Unknown,
    Value,
    join,
)
from isg.graph.semantics.rust.entities import FunctionType, Item, Opaque, Projection, TraitBound, TraitSelf
from isg.graph.semantics.rust.generics import Mapping_, same_class
from isg.graph.semantics.rust.impls import Blocks, Match
from isg.graph.semantics.rust.names import TYPES
from isg.parsers import operators as op
from isg.parsers.facts import MOST_MEANINGS, BindingKind

if TYPE_CHECKING:
    from isg.graph.semantics.rust.language import Rust

_BOUNDED = (TypeVariable, TraitSelf, Projection, Opaque)
_FUNCTIONS = frozenset({"function", "method"})


class Found(NamedTuple):
    """A member, and the type on the way of dereferencing that has it."""

    subject: Entity
    member: Entity  # a function or an item


class Methods:
    """Looks members of values up."""

    def __init__(self, rust: Rust) -> None:
        self._rust = rust

    # methods

    def find(self, entity: Entity, name: str) -> list[Found]:
        """The methods of a name that a receiver has."""
        behind: Entity | None = None
        unseen: list[Found] = []  # of traits that are out of scope
        passed_over: list[Found] = []
        for step in self._rust.deref.steps(entity):
            found = [Found(step, member) for member in self.at(step, name)]
            taken = [each for each in found if self._takes(each.member, behind)]
            if taken and any(self._is_seen(each.member) for each in taken):
                return taken
            unseen = unseen or taken
            passed_over = passed_over or found
            behind = step
        return unseen or passed_over

    def _is_seen(self, member: Entity) -> bool:
        """Whether a member is inherent, or of a trait that is in scope."""
        if not isinstance(member, Function):
            return True
        module, facts = member.module, member.module.facts
        parent = facts.symbols[member.symbol].parent
        if facts.symbols[parent].kind == "trait":
            return self._is_in_scope((module, parent))
        trait = self._rust.impls.head(module, parent).trait if facts.symbols[parent].kind == "impl" else None
        return trait is None or self._is_in_scope((trait.trait.module, trait.trait.symbol))

    def _takes(self, member: Entity, behind: Entity | None) -> bool:
        """Whether a method takes such a receiver: ``self: Pin<Self>`` only what stands behind a ``Pin``."""
        if not isinstance(member, Function):
            return True
        signature = self._rust.calls.signature(member)
        if signature is None or not signature.parameters:
            return True
        annotation = signature.parameters[0].annotation
        if member.module.facts.terms[annotation][0] != op.INDEX:
            return True
        wrappers = [e.type for e in self._rust.types.of(member.module, annotation) if isinstance(e, Instance)]
        return not wrappers or (
            isinstance(behind, Instance) and any(same_class(behind.type, each) for each in wrappers)
        )

    def outside(self, entity: Entity) -> Foreign | None:
        """What stands for a method that nothing here declares for a receiver, if it can come from elsewhere:

        where the receiver is, at the end of dereferencing, no type of the project.
        """
        *_, last = self._rust.deref.steps(entity)
        if isinstance(last, Foreign):
            return last
        return self._rust.making.foreign("", last.nested()) if self.is_foreign(last) else None

    def is_foreign(self, entity: Entity) -> bool:
        """Whether neither a type nor its bounds are the project's."""
        if isinstance(entity, Instance):
            return entity.type.module.library
        if not isinstance(entity, _BOUNDED):
            return isinstance(entity, Foreign | TupleEntity | FunctionType | Lambda)
        bounds = self._rust.projections.bounds(entity)
        if any(isinstance(bound, Foreign) for bound in bounds):
            return True
        traits = [bound.trait for bound in bounds if isinstance(bound, TraitBound)]
        return bool(traits) and all(trait.module.library for trait in traits)

    def at(self, subject: Entity, name: str) -> tuple[Entity, ...]:
        """Functions and constants of a name that a type itself has: inherent ones, else those of traits."""
        return self._rust.remembered.ask(f"at {name}", subject, lambda: tuple(self._at(subject, name)))

    def _at(self, subject: Entity, name: str) -> list[Entity]:
        if isinstance(subject, Unknown | Foreign):
            return self._of_foreign(subject, name)
        if isinstance(subject, _BOUNDED):
            found = self._of_bounds(subject, name)
            if found:
                return found
        blocks = self._rust.impls.of(subject)
        own = self._having(blocks, name)
        inherent = (e for m in own if m.head.is_inherent for e in self._in_block(m, name))
        return list(islice(inherent, MOST_MEANINGS)) or self._of_traits(subject, blocks, own, name)

    def _having(self, blocks: Blocks, name: str) -> list[Match]:
        """The blocks that have a member of a name themselves."""
        giving = self._rust.impls.giving
        found = {(module, s) for module, block in blocks.names for s in giving(module, block, name)}
        if not found:
            return []
        return [each for each in blocks.matches if (each.head.module, each.head.symbol) in found]

    def _of_foreign(self, subject: Entity, name: str) -> list[Entity]:
        """Methods that the project adds to a type of another crate by its traits."""
        if isinstance(subject, Unknown):
            return []
        blocks = self._rust.impls.of(subject)
        return self._of_traits(subject, blocks, self._having(blocks, name), name)

    def _of_bounds(self, subject: Entity, name: str) -> list[Entity]:
        for bound in self._rust.projections.bounds(subject):
            if isinstance(bound, TraitBound):
                found = list(self.in_trait(bound.trait, name))
                if found:
                    return found
        return []

    def _in_block(self, match: Match, name: str) -> Iterator[Entity]:
        module, symbol = match.head.module, match.head.symbol
        yield from self.members(module, self._rust.impls.member(module, symbol, name))

    def _of_traits(self, subject: Entity, blocks: Blocks, own: list[Match], name: str) -> list[Entity]:
        """What traits give a type, some of whose blocks have a member of the name themselves."""
        found = self._by_impls(blocks, own, name)
        if not found:
            for bound in self._rust.impls.derived(subject):
                if isinstance(bound, TraitBound):
                    found.update(dict.fromkeys(self.in_trait(bound.trait, name)))
        if not found:
            found.update(dict.fromkeys(self._by_blanket(subject, name)))
        return list(found)

    def _by_impls(self, blocks: Blocks, own: list[Match], name: str) -> dict[Entity, None]:
        """What impls of traits have by a name: where several traits do, those that are in scope."""
        declaring = {place for place in blocks.traits if self._rust.impls.member(*place, name)}
        having = set(own)
        matches = [m for m in blocks.matches if m in having or m.trait_place() in declaring]
        by_trait: dict[tuple[Module, int] | None, dict[Entity, None]] = {}
        times: Counter[TraitBound | None] = Counter()  # that one trait is implemented: once, if it is right
        for match in matches:
            if match.head.is_inherent:
                continue
            members = self.of_impl(match, name) if times[match.trait] < MOST_MEANINGS else ()
            if members:
                times[match.trait] += 1
                by_trait.setdefault(match.trait_place(), {}).update(dict.fromkeys(members))
        seen = by_trait
        if len(by_trait) > 1:
            seen = {place: each for place, each in by_trait.items() if self._is_in_scope(place)} or by_trait
        return {member: None for members in seen.values() for member in members}

    def _is_in_scope(self, trait: tuple[Module, int] | None) -> bool:
        """Whether the file that is being read names a trait; those of the library are taken to be there."""
        reader = self._rust.reader
        if trait is None or reader is None or trait[0].library:
            return True
        return self._rust.once(("in scope", *trait), lambda: self._names(reader, trait))

    def _names(self, reader: Module, trait: tuple[Module, int]) -> bool:
        name = trait[0].facts.symbols[trait[1]].name
        if any(each.name == name for each in reader.facts.imports):
            return True
        scopes = dict.fromkeys([0, *(each.scope for each in reader.facts.imports if each.name == "*")])
        known = [e for scope in scopes for e in self._rust.names.lexical(reader, scope, name, TYPES)]
        return any(isinstance(e, ClassEntity) and (e.module, e.symbol) == trait for e in known)

    def of_impl(self, match: Match, name: str) -> list[Entity]:
        """What an impl of a trait has by a name: its own method, else the trait's default one."""
        own = list(self._in_block(match, name))
        if own or match.trait is None:
            return own
        return list(self.in_trait(match.trait.trait, name))

    def _by_blanket(self, subject: Entity, name: str) -> list[Entity]:
        for module, symbol in self._rust.impls.blankets_giving(subject, name):
            trait = self._rust.impls.head(module, symbol).trait
            if trait is None or not self._is_in_scope((trait.trait.module, trait.trait.symbol)):
                continue
            match = self._rust.impls.match_blanket(module, symbol, subject)
            if match is not None:
                return self.of_impl(match, name)
        return []

    def in_trait(self, trait: ClassEntity, name: str) -> Iterator[Entity]:
        """What a trait declares by a name."""
        bindings = self._rust.impls.member(trait.module, trait.symbol, name)
        yield from self.members(trait.module, bindings)

    def members(self, module: Module, bindings: tuple[int, ...]) -> Iterator[Entity]:
        """Bindings of an impl block or trait as functions and constants."""
        for binding in bindings:
            symbol = module.facts.bindings[binding].symbol
            kind = module.facts.symbols[symbol].kind if symbol > 0 else ""
            if kind in _FUNCTIONS:
                yield self._rust.universe.function(module, symbol)
            elif kind in ("constant", "variable"):
                yield self._rust.universe.intern(Item, module, symbol)

    # fields

    def field(self, entity: Entity, name: str) -> Value:
        """What a field of a value holds; nothing where it has none of the name."""
        for step in self._rust.deref.steps(entity):
            if isinstance(step, TupleEntity) and name.isdigit():
                position = int(name)
                return step.items[position] if position < len(step.items) else NOTHING
            if isinstance(step, Foreign) and not self._rust.deref.target(step):
                return self._rust.given_by(step)
            if isinstance(step, Unknown):
                return UNKNOWN_VALUE
            if isinstance(step, Instance):
                found = self.field_of(step, step.type.module, step.type.symbol, name)
                if found:
                    return found
        return NOTHING

    def field_of(self, owner: Instance, module: Module, symbol: int, name: str) -> Value:
        """The type of a field of a struct or variant, for an instance with these arguments."""
        mapping = self.mapping(owner)
        found = [
            self._rust.generics.substitute(self._declared(module, binding), mapping)
            for binding in self.field_bindings(module, symbol, name)
        ]
        return join(*found)

    def mapping(self, owner: Instance) -> Mapping_:
        """What the parameters of a type stand for in an instance of it."""
        class_ = owner.type
        parameters = self._rust.types.parameters(class_.module, class_.symbol)
        mapping: Mapping_ = dict.fromkeys(parameters, UNKNOWN_VALUE)
        mapping.update(zip(parameters, class_.arguments, strict=False))
        return mapping

    def _declared(self, module: Module, binding: int) -> Value:
        return self._rust.types.of(module, module.facts.bindings[binding].declared)

    def field_bindings(self, module: Module, symbol: int, name: str) -> list[int]:
        found = self._rust.impls.member(module, symbol, name)
        if not found:
            return []
        self._rust.consult(module, "symbol", module.path, module.qualified[symbol])
        bindings = module.facts.bindings
        return [b for b in found if bindings[b].kind is BindingKind.DECLARATION]

    def field_symbols(self, entity: Entity, name: str) -> list[tuple[Module, int]]:
        """The definitions of a field of a value."""
        for step in self._rust.deref.steps(entity):
            if isinstance(step, Instance):
                module, symbol = step.type.module, step.type.symbol
                found = self.field_bindings(module, symbol, name)
                if found:
                    symbols = [module.facts.bindings[b].symbol for b in found]
                    return [(module, symbol) for symbol in symbols if symbol > 0]
        return []
