"""Calling: what a call of a function, method, class or callable object gives.

Rules: the TypeScript handbook, "More on Functions" (overloads, generics), "Classes" (construct signatures);
a return type that is not written is the union of what the body returns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from isg.graph.linking.evaluator import Arguments
from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN_VALUE,
    Bound,
    ClassEntity,
    Entity,
    External,
    Foreign,
    Function,
    Instance,
    Lambda,
    TypeVariable,
    Value,
    join,
)
from isg.graph.semantics.typescript.classes import CLASS_KINDS, Member
from isg.graph.semantics.typescript.entities import (
    Closure,
    Constructed,
    Deferred,
    Instantiated,
    Intersection,
    NamespaceObject,
    ObjectType,
)
from isg.graph.semantics.typescript.inference import Inference
from isg.graph.semantics.typescript.passing import fits, passed
from isg.parsers import operators as op
from isg.parsers.facts import NOTHING as NOWHERE
from isg.parsers.facts import Parameter, Signature, SignatureFlag

if TYPE_CHECKING:
    from isg.graph.semantics.typescript.language import TypeScript

CALLED = "()"
CONSTRUCTED = "new"
THIS = "this"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A signature that a call may mean, and what is known of type variables in it."""

    module: Module
    index: int
    mapping: dict[TypeVariable, Value] = field(default_factory=dict)
    receiver: Entity | None = None

    @property
    def signature(self) -> Signature:
        return self.module.facts.signatures[self.index]


class Calls:
    """Evaluates calls."""

    def __init__(self, typescript: TypeScript) -> None:
        self._typescript = typescript

    # what can be called

    def callables(self, entity: Entity) -> list[Entity]:
        """The functions that calling a value runs, as far as they are known."""
        if isinstance(entity, Function | Lambda | Closure | Bound | Instantiated):
            return [entity]
        if isinstance(entity, Intersection):
            return [found for part in entity.parts for found in self.callables(part)]
        if isinstance(entity, TypeVariable | Deferred):
            apparent = self._typescript.generics.apparent(entity)
            return [
                f for e in apparent if not isinstance(e, TypeVariable | Deferred) for f in self.callables(e)
            ]
        return self._special(entity, CALLED)

    def is_bound_function(self, entity: Entity) -> bool:
        return isinstance(entity, Bound) and isinstance(entity.function, Function)

    def _special(self, entity: Entity, name: str) -> list[Entity]:
        """The call or construct signatures of an object or interface."""
        members = self._typescript.members
        if isinstance(entity, Instance):
            found = self._typescript.classes.find(entity.type, name, False)
            if not isinstance(found, Member):
                return []
        elif not isinstance(entity, ObjectType) or name not in members.names_of(entity):
            return []
        return [e for e in members.value(entity, name) if isinstance(e, Closure)]

    def candidates(self, entity: Entity) -> list[Candidate]:
        """The signatures of a function; those of overloads without that of their implementation."""
        if isinstance(entity, Instantiated):
            return [self._instantiated(each, entity) for each in self.candidates(entity.inner)]
        if isinstance(entity, Lambda):
            return [Candidate(entity.module, entity.signature)]
        if isinstance(entity, Closure):
            return [Candidate(entity.module, entity.index, dict(entity.environment))]
        if isinstance(entity, Bound) and isinstance(entity.function, Function):
            return self.of_symbol(entity.function.module, entity.function.symbol, entity.receiver)
        if isinstance(entity, Bound):
            return self.candidates(entity.function)
        return self.of_symbol(entity.module, entity.symbol, None) if isinstance(entity, Function) else []

    def of_symbol(self, module: Module, symbol: int, receiver: Entity | None) -> list[Candidate]:
        fact = module.facts.symbols[symbol]
        if self._typescript.reader is not module:
            self._typescript.consult(module, "call", module.path, module.qualified[symbol])
        signatures = fact.signatures
        declared = tuple(g for g in signatures if module.facts.signatures[g].scope == NOWHERE)
        mapping = self._of_owner(module, fact.parent, receiver)
        return [Candidate(module, g, mapping, receiver) for g in declared or signatures]

    def _of_owner(self, module: Module, parent: int, receiver: Entity | None) -> dict[TypeVariable, Value]:
        """The type arguments that the receiver has for the class that declares the method."""
        if receiver is None or parent < 0 or module.facts.symbols[parent].kind not in CLASS_KINDS:
            return {}
        plain = self._typescript.plain(receiver)
        if isinstance(plain, Instance):
            classes = self._typescript.classes
            owner = classes.as_base(plain.type, classes.entity(module, parent))
            return classes.mapping(owner) if owner is not None else {}
        return {}

    def _instantiated(self, candidate: Candidate, entity: Instantiated) -> Candidate:
        variables = self.own_variables(candidate)
        given = self._typescript.generics.complete(variables, entity.arguments)
        mapping = {**candidate.mapping, **dict(zip(variables, given, strict=False))}
        return Candidate(candidate.module, candidate.index, mapping, candidate.receiver)

    def own_variables(self, candidate: Candidate) -> tuple[TypeVariable, ...]:
        """The type parameters of a signature itself."""
        scope = candidate.signature.type_parameters
        if scope < 0:
            return ()
        names = candidate.module.facts.scopes[scope].names.values()
        return tuple(self._typescript.universe.type_variable(candidate.module, b[0]) for b in names)

    # calls

    def call(self, entity: Entity, arguments: Arguments) -> Value:
        """What calling an entity gives."""
        if isinstance(entity, ClassEntity):
            return self.construct(entity, arguments)
        if isinstance(entity, External | Foreign):
            return (self._typescript.universe.foreign(),)
        if isinstance(entity, NamespaceObject):
            return NOTHING
        special = self._typescript.known.call(entity, arguments)
        if special is not None:
            return special
        found = self.callables(entity)
        if not found:
            return UNKNOWN_VALUE
        candidates = [candidate for each in found for candidate in self.candidates(each)]
        return self.result(candidates, arguments) if candidates else UNKNOWN_VALUE

    def result(self, candidates: list[Candidate], arguments: Arguments) -> Value:
        """What the signature that fits the arguments returns."""
        chosen = self.choose(candidates, arguments)
        result = self.returns(chosen.module, chosen.index)
        generics = self._typescript.generics
        if not generics.is_open(result):
            return result
        mapping = self.solve(chosen, arguments, len(chosen.signature.parameters))
        if mapping is None:
            return NOTHING
        return generics.substitute(result, mapping, chosen.receiver)

    def returned(self, entity: Entity) -> Value:
        """What a function returns, its own type variables left open."""
        found = [
            self._typescript.generics.substitute(self.returns(c.module, c.index), c.mapping, c.receiver)
            for c in self.candidates(entity)[:1]
        ]
        return join(*found) or UNKNOWN_VALUE

    def solve(
        self, candidate: Candidate, arguments: Arguments, before: int
    ) -> dict[TypeVariable, Value] | None:
        """Type variables of a signature, from what is passed to its parameters.

        What waits for its own types from the call (function expressions) comes last, and only up to the
        parameter ``before``. None while nothing is known yet of what is passed.
        """
        generics, types = self._typescript.generics, self._typescript.types
        inference = Inference(self._typescript, dict(candidate.mapping))
        own = [v for v in self.own_variables(candidate) if v not in candidate.mapping]
        if own:
            pairs = list(passed(self._typescript, candidate.signature, arguments))
            waiting = [self._waits(arguments.module, each.term) for each in pairs]
            for later in (False, True):
                for each, waits in zip(pairs, waiting, strict=True):
                    annotation = each.parameter.annotation
                    if waits is not later or not annotation or (later and each.position >= before):
                        continue
                    declared = each.wanted(self._typescript, types.type_of(candidate.module, annotation))
                    pattern = generics.substitute(declared, candidate.mapping, candidate.receiver)
                    if generics.is_open(pattern):
                        actual = each.value()
                        if not actual and not later:
                            return None
                        inference.match(pattern, actual)
            generics.fallback(inference.mapping, own)
        return inference.mapping

    def _waits(self, module: Module | None, term: int) -> bool:
        """Whether an argument is a function expression that takes its types from the call."""
        return module is not None and term > 0 and module.facts.terms[term][0] in (op.LAMBDA, op.SYMBOL)

    # overloads

    def choose(self, candidates: list[Candidate], arguments: Arguments) -> Candidate:
        """The first signature that the arguments do not contradict, else the last."""
        if len(candidates) == 1:
            return candidates[0]
        for candidate in candidates:
            if self._accepts(candidate, arguments):
                return candidate
        fitting = [c for c in candidates if fits(c.signature, arguments)]
        return (fitting or candidates)[-1]

    def _accepts(self, candidate: Candidate, arguments: Arguments) -> bool:
        if not fits(candidate.signature, arguments):
            return False
        typescript = self._typescript
        for each in passed(typescript, candidate.signature, arguments):
            if not each.parameter.annotation:
                continue
            declared = typescript.types.type_of(candidate.module, each.parameter.annotation)
            declared = typescript.generics.substitute(declared, candidate.mapping, candidate.receiver)
            if each.is_beyond(declared):
                return False
            wanted, actual = each.wanted(typescript, declared), each.value()
            if actual and wanted and not any(typescript.relations.assignable(e, wanted) for e in actual):
                return False
        return True

    # what functions return

    def returns(self, module: Module, signature: int) -> Value:
        """What a signature returns: as declared, else the union of what its body returns."""
        if self._typescript.reader is not module:
            self._consult(module, signature)
        found = module.memo.get(("returns", signature))
        if found is not None:
            return found  # type: ignore[no-any-return]
        key = (module, "returns", signature)
        return self._typescript.solver.solve(key, lambda: self._returns(module, signature), NOTHING, join)

    def _consult(self, module: Module, signature: int) -> None:
        symbol = module.facts.signatures[signature].symbol
        if symbol >= 0:
            self._typescript.consult(module, "call", module.path, module.qualified[symbol])
        else:
            self._typescript.consult(module, "lambda", module.path, str(signature))

    def _returns(self, module: Module, signature: int) -> Value:
        before = self._typescript.reading(module)
        try:
            fact = module.facts.signatures[signature]
            if fact.returns:
                return self._typescript.types.type_of(module, fact.returns)
            return self._inferred(module, fact)
        finally:
            self._typescript.reading(before)

    def _inferred(self, module: Module, fact: Signature) -> Value:
        typescript = self._typescript
        if fact.flags & SignatureFlag.ABSTRACT_BODY or fact.scope == NOWHERE:
            return UNKNOWN_VALUE
        returned = join(*[typescript.evaluator.value(module, t) for t in fact.returned])
        is_async = bool(fact.flags & SignatureFlag.ASYNC)
        if fact.flags & SignatureFlag.GENERATOR:
            yielded = join(*[typescript.evaluator.value(module, t) for t in fact.yielded]) or UNKNOWN_VALUE
            return typescript.container(module, "AsyncGenerator" if is_async else "Generator", yielded)
        if not fact.returned:
            returned = typescript.types.primitive("void")
        if not is_async or not returned:
            return returned
        return typescript.container(module, "Promise", join(*[typescript.awaited(e) for e in returned]))

    # classes

    def construct(self, class_: ClassEntity, arguments: Arguments) -> Value:
        """What `new C(…)` gives: an instance, its type arguments told by what the constructor is given."""
        typescript = self._typescript
        parameters = typescript.heads.info(class_.module, class_.symbol).parameters
        if not parameters or class_.arguments:
            return (typescript.universe.instance(class_),)
        for candidates in self._constructors(class_):
            chosen = self.choose(candidates, arguments)
            mapping = self._solve_class(chosen, parameters, arguments)
            if mapping is None:
                return NOTHING
            values = tuple(mapping[p] for p in parameters)
            return (
                typescript.universe.instance(
                    typescript.universe.class_(class_.module, class_.symbol, values)
                ),
            )
        return (typescript.universe.instance(typescript.classes.applied(class_, ())),)

    def _solve_class(
        self, candidate: Candidate, parameters: tuple[TypeVariable, ...], arguments: Arguments
    ) -> dict[TypeVariable, Value] | None:
        generics, types = self._typescript.generics, self._typescript.types
        inference = Inference(self._typescript, {})
        for each in passed(self._typescript, candidate.signature, arguments):
            if each.parameter.annotation:
                declared = types.type_of(candidate.module, each.parameter.annotation)
                pattern = each.wanted(self._typescript, generics.substitute(declared, candidate.mapping))
                if generics.is_open(pattern):
                    actual = each.value()
                    if not actual:
                        return None
                    inference.match(pattern, actual)
        generics.fallback(inference.mapping, parameters)
        return inference.mapping

    def _constructors(self, class_: ClassEntity) -> Iterator[list[Candidate]]:
        classes = self._typescript.classes
        found = classes.find(class_, "constructor", False)
        if isinstance(found, Member):
            module = found.owner.module
            mapping = classes.mapping(found.owner)
            for binding in found.bindings:
                symbol = module.facts.bindings[binding].symbol
                if symbol >= 0 and module.facts.symbols[symbol].signatures:
                    yield [
                        Candidate(c.module, c.index, mapping) for c in self.of_symbol(module, symbol, None)
                    ]

    def constructor_candidates(self, entity: Entity) -> list[Candidate]:
        """The signatures that `new` may run on a value."""
        if isinstance(entity, ClassEntity):
            mapping = self._typescript.classes.mapping(entity)
            found = [c for candidates in self._constructors(entity) for c in candidates]
            return [Candidate(c.module, c.index, {**c.mapping, **mapping}) for c in found]
        if isinstance(entity, Function):
            return self.candidates(entity)
        return [c for each in self._special(entity, CONSTRUCTED) for c in self.candidates(each)]

    def new(self, entity: Entity, arguments: Arguments) -> Value:
        """What `new entity(…)` gives."""
        universe = self._typescript.universe
        if isinstance(entity, ClassEntity):
            return self.construct(entity, arguments)
        if isinstance(entity, External):
            return (universe.foreign(entity.name),)
        if isinstance(entity, Foreign):
            return (universe.foreign(),)
        if isinstance(entity, TypeVariable):
            bound = self._typescript.generics.apparent(entity)
            made = join(*[self.new(e, arguments) for e in bound if not isinstance(e, TypeVariable)])
            return made if made and made != UNKNOWN_VALUE else (universe.intern(Constructed, entity),)
        if isinstance(entity, Intersection):
            made_parts = [self.new(part, arguments) for part in entity.parts if self._can_construct(part)]
            return self._typescript.types.intersect(made_parts) if made_parts else UNKNOWN_VALUE
        candidates = [c for each in self._special(entity, CONSTRUCTED) for c in self.candidates(each)]
        if candidates:
            return self.result(candidates, arguments)
        if isinstance(entity, Function):
            return (universe.instance(universe.class_(entity.module, entity.symbol)),)
        return UNKNOWN_VALUE

    def _can_construct(self, entity: Entity) -> bool:
        return isinstance(entity, ClassEntity | TypeVariable) or bool(self._special(entity, CONSTRUCTED))

    def constructed(self, entity: Entity, given: tuple[Value, ...] = ()) -> Value:
        """Instances of what a value that is no class constructs, for a class that extends it.

        ``given`` are type arguments for its construct signatures.
        """
        for each in self._special(entity, CONSTRUCTED) if given else ():
            return self.returned(self._typescript.universe.intern(Instantiated, each, given))
        return self.new(entity, Arguments(None))

    # inference through function types

    def parameters_of(self, wanted: Entity, given: Entity) -> Iterator[tuple[Value, Value]]:
        """The declared types of the parameters of two functions, position by position."""
        for left in self.candidates(wanted)[:1]:
            for right in self.candidates(given)[:1]:
                for one, other in zip(left.signature.parameters, right.signature.parameters, strict=False):
                    if one.annotation and other.annotation:
                        yield self.declared(left, one), self.declared(right, other)

    def declared(self, candidate: Candidate, parameter: Parameter) -> Value:
        """The declared type of a parameter, with what is known of type variables."""
        if self._typescript.reader is not candidate.module:
            self._consult(candidate.module, candidate.index)
        value = self._typescript.types.type_of(candidate.module, parameter.annotation)
        return self._typescript.generics.substitute(value, candidate.mapping, candidate.receiver)
