"""From the references of a file to the edges and sites of the graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import TypeAlias

from isg.graph.linking.evaluator import Arguments, Evaluator
from isg.graph.linking.module import Module
from isg.graph.linking.semantics import Definition, Semantics
from isg.graph.linking.symbols import external_symbol
from isg.graph.linking.values import (
    UNKNOWN,
    UNKNOWN_VALUE,
    Bound,
    ClassEntity,
    Entity,
    Foreign,
    Function,
    Instance,
    Lambda,
    Partial,
    Wrapped,
)
from isg.graph.model import (
    TYPE_KINDS,
    Confidence,
    Edge,
    EdgeKind,
    How,
    LinkedReference,
    Site,
    Symbol,
    SymbolKind,
)
from isg.parsers import operators as op
from isg.parsers.facts import Form, Parameter, ParameterKind, Reference, ReferenceFlag, Role, Signature

_FUNCTIONS = frozenset({"function", "method", "constructor", "macro"})
# A call of a property's value names the property: it is what the callee's edge goes to.
# The name of a struct builds a value from its fields: no code runs, so that this is a use.
_CALLED = (_FUNCTIONS | TYPE_KINDS | {"external", "property"}) - {"struct", "enum", "union"}
_RUN = _FUNCTIONS | TYPE_KINDS | {"external"}  # what a call of the name itself runs
_NAMING = frozenset(
    {
        op.NAME, op.USE, op.MEMBER, op.TYPE_NAME, op.TYPE_MEMBER, op.MACRO, op.QUALIFIED, op.PAYLOAD,
        op.SUPER,
    }
)  # fmt: skip
_PASSING_ON, _DEFINED = (Bound, Wrapped, Partial), (Function, ClassEntity)
# Members of enums that are read for every site: to look one up in its class runs code.
_CALL, _IMPLICIT = Role.CALL, Role.IMPLICIT
_CALLS, _USES = EdgeKind.CALLS, EdgeKind.USES
_HEADS = {Role.INHERIT: How.EXTENDS, Role.IMPLEMENT: How.IMPLEMENTS}
_IMPLEMENTED = TYPE_KINDS | {"external", "type_alias"}
_USED = tuple(
    {Role.WRITE: How.WRITE, Role.TYPE: How.TYPE}.get(role, How.READ) for role in Role
)  # how a reference of each role uses its target


Place: TypeAlias = tuple[int, int]  # line and column of a site
_Target: TypeAlias = tuple[int | None, str, tuple[int, ...]]  # id and kind, and what is mentioned with it


class EdgeTable:
    """Collects the edges of one file, one for each kind, how, source and target."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._edges: dict[tuple[EdgeKind, How, int, int], tuple[Confidence, dict[Place, None]]] = {}

    def add(
        self,
        kind: EdgeKind,
        how: How,
        confidence: Confidence,
        source: int,
        target: int,
        site: Place | None = None,
    ) -> None:
        key = (kind, how, source, target)
        found = self._edges.get(key)
        if found is None:
            self._edges[key] = (confidence, {site: None} if site is not None else {})
            return
        best, sites = found
        if site is not None:
            sites[site] = None
        if confidence > best:
            self._edges[key] = (confidence, sites)

    def edges(self) -> tuple[Edge, ...]:
        path = self._path
        return tuple(
            [
                Edge(kind, how, confidence, source, target, path, _sites(places))
                for (kind, how, source, target), (confidence, places) in sorted(
                    self._edges.items(), key=itemgetter(0)
                )
            ]
        )


def _sites(places: Mapping[Place, None]) -> tuple[Site, ...]:
    """The sites of an edge in their order; most have one."""
    return tuple([Site(*place) for place in (sorted(places) if len(places) > 1 else places)])


class ReferenceLinker:
    """Links the references of one file."""

    def __init__(
        self,
        module: Module,
        symbols: tuple[Symbol, ...],
        package: str,
        evaluator: Evaluator,
        edges: EdgeTable,
    ) -> None:
        self._module = module
        self._symbols = symbols
        self._package = package
        self._evaluator = evaluator
        self._semantics: Semantics = evaluator.semantics(module)
        self._edges = edges
        self._terms, self._units = module.facts.terms, module.facts.units
        self._targets: dict[Definition, _Target] = {}
        self._constructors: dict[Definition, list[int]] = {}
        self._calling: dict[Definition, list[tuple[Module, int, Signature]]] = {}
        self.externals: dict[str, Symbol] = {}
        self.rows: list[LinkedReference] = []

    # ids

    def _target(self, definition: Definition) -> _Target:
        """What edges to a definition need to know of it, found out once for all sites of the file."""
        ids = (self.target_id(each) for each in self._semantics.companions(definition))
        companions = tuple(each for each in ids if each is not None)
        found = self.target_id(definition), self.kind_of(definition), companions
        self._targets[definition] = found
        return found

    def target_id(self, definition: Definition) -> int | None:
        if definition.module is self._module:
            return self._symbols[definition.symbol].id
        if definition.module is not None:
            return definition.module.symbol_id(definition.symbol, self._package)
        if definition.external is not None:
            return self.external(definition.external).id
        return None

    def _own_id(self, definition: Definition) -> int | None:
        """The id of what a definition is in the project; None outside, and no symbol is made of that."""
        return self.target_id(definition) if definition.module is not None else None

    def external(self, name: str) -> Symbol:
        found = self.externals.get(name)
        if found is None:
            found = self.externals[name] = external_symbol(self._module.family, name)
        return found

    def kind_of(self, definition: Definition) -> str:
        if definition.module is None:
            return "external" if definition.external is not None else ""
        return definition.module.facts.symbols[definition.symbol].kind

    # references

    def link(self, reference: Reference) -> None:
        """Add the edges and the row of one reference."""
        if reference.role is _IMPLICIT:
            self._link_implicit(reference)
            return
        meanings = self._meanings(reference.term)
        site = (self._units[reference.unit] + reference.line, reference.column)
        source = self._symbols[reference.symbol].id
        linked, direct = False, bool(meanings)
        for definition, confidence in meanings:
            target, kind, companions = self._targets.get(definition) or self._target(definition)
            direct = direct and kind in _RUN
            if target is None:
                continue
            linked = True
            self._add(reference, definition, kind, target, confidence, source, site)
            outcome = "external" if definition.module is None else "project"
            self._row(reference, site, source, target, outcome, confidence)
            for companion in companions:
                self._edges.add(_USES, _USED[reference.role], confidence, source, companion, site)
        if reference.role is _CALL and not direct:
            linked = self._link_values(reference, source, site, linked) or linked
        if not linked:
            self._unlinked(reference, meanings, source, site)

    def _meanings(self, term: int) -> Sequence[tuple[Definition, Confidence]]:
        if self._terms[term][0] not in _NAMING:
            return ()
        return self._module.meanings.get(term) or self._semantics.denote(self._module, term)

    def _add(
        self,
        reference: Reference,
        definition: Definition,
        kind: str,
        target: int,
        confidence: Confidence,
        source: int,
        site: Place,
    ) -> None:
        if reference.role is _CALL and kind in _CALLED:
            self._edges.add(_CALLS, self._how(reference), confidence, source, target, site)
            if kind in TYPE_KINDS:
                self._construct(definition, confidence, source, site)
            if definition.module is not None and reference.arguments:
                self._callbacks(reference, definition, target, site)
        elif reference.role in _HEADS and kind in _IMPLEMENTED:
            for subject in self._subjects(reference.symbol, source):
                self._edges.add(EdgeKind.IMPL, _HEADS[reference.role], confidence, subject, target, site)
        else:
            self._edges.add(_USES, _USED[reference.role], confidence, source, target, site)

    def _how(self, reference: Reference) -> How:
        """`super(…)` runs a constructor that it does not name; any other call names what it calls."""
        is_super = self._terms[reference.term][0] == op.SUPER
        return How.CONSTRUCT if is_super else How.NONE

    def _subjects(self, symbol: int, source: int) -> list[int]:
        """The types that a head speaks of: its symbol, or what an ``impl`` block is for."""
        if self._symbols[symbol].kind is not SymbolKind.IMPL_BLOCK:
            return [source]
        subjects = (self.target_id(each) for each in self._semantics.subjects(self._module, symbol))
        return [subject for subject in subjects if subject is not None]

    def _construct(self, definition: Definition, confidence: Confidence, source: int, site: Place) -> None:
        """The constructor that a call of a class runs, own or inherited, where the project defines it."""
        targets = self._constructors.get(definition)
        if targets is None:
            targets = self._constructors[definition] = self._constructors_of(definition)
        for target in targets:
            self._edges.add(_CALLS, How.CONSTRUCT, confidence, source, target, site)

    def _constructors_of(self, class_: Definition) -> list[int]:
        assert class_.module is not None
        value = self._semantics.symbol_value(class_.module, class_.symbol)
        found = (self._own_id(each) for entity in value for each in self._semantics.constructors(entity))
        return [target for target in found if target is not None]

    def _link_values(
        self,
        reference: Reference,
        source: int,
        site: Place,
        linked: bool,
    ) -> bool:
        """A call through a variable, parameter, property or expression: the functions that it holds."""
        found = False
        for entity in self._evaluator.value(self._module, reference.term):
            for definition, how in self._called(entity):
                target = self._own_id(definition)
                if target is None:
                    continue
                found = True
                self._edges.add(_CALLS, how, Confidence.INFERRED, source, target, site)
                if self.kind_of(definition) in TYPE_KINDS:
                    self._construct(definition, Confidence.INFERRED, source, site)
                if not linked:
                    self._row(reference, site, source, target, "project", Confidence.INFERRED)
        return found

    def _called(self, entity: Entity) -> Iterator[tuple[Definition, How]]:
        """What runs when a value is called."""
        while isinstance(entity, _PASSING_ON):
            entity = entity.inner if isinstance(entity, Wrapped) else entity.function
        if isinstance(entity, _DEFINED):
            yield self._semantics.definition(entity.module, entity.symbol), How.CALLBACK
        elif isinstance(entity, Instance):
            for definition in self._semantics.member_definitions(entity, "__call__"):
                if self.kind_of(definition) in _FUNCTIONS:
                    yield definition, How.IMPLICIT

    def _callbacks(self, reference: Reference, definition: Definition, target: int, site: Place) -> None:
        """Functions passed to a function that calls its parameter: edges from that function."""
        calling = self._calling.get(definition)
        if calling is None:
            calling = self._calling[definition] = self._calling_their_own(definition)
        for owner, symbol, signature in calling if reference.call else ():
            caller = owner.symbol_id(symbol, self._package)
            called = {position for position, _, _ in signature.called}
            term = self._terms[reference.call]
            arguments = Arguments.of(self._module, term)
            bound = self._semantics.is_bound(self._module, reference.term, owner, symbol)
            for position in called:
                passed = _passed(signature.parameters, position, arguments, int(bound))
                if passed is not None:
                    self._add_callback(caller, passed, site)

    def _calling_their_own(self, definition: Definition) -> list[tuple[Module, int, Signature]]:
        """The functions that a call of a definition runs, of those that call a parameter."""
        found = []
        for owner, symbol in self._semantics.functions_run(definition):
            signatures = owner.facts.symbols[symbol].signatures
            if signatures and owner.facts.signatures[signatures[-1]].called:
                found.append((owner, symbol, owner.facts.signatures[signatures[-1]]))
        return found

    def _add_callback(self, caller: int, term: int, site: Place) -> None:
        for entity in self._evaluator.value(self._module, term):
            for definition, how in self._called(entity):
                target = self._own_id(definition)
                if target is not None and how is How.CALLBACK:
                    self._edges.add(_CALLS, how, Confidence.DISPATCH, caller, target, site)

    def _link_implicit(self, reference: Reference) -> None:
        """The method of the project that an operator, with, for, await or subscript runs; else nothing."""
        site = (self._units[reference.unit] + reference.line, reference.column)
        source = self._symbols[reference.symbol].id
        for definition in self._operators(reference):
            target = self.target_id(definition)
            assert target is not None
            self._edges.add(_CALLS, How.IMPLICIT, Confidence.INFERRED, source, target, site)
            self._row(reference, site, source, target, "project", Confidence.INFERRED)

    def _operators(self, reference: Reference) -> list[Definition]:
        """The methods of the project that an operator may run, the first of its names that has any."""
        _, operand, method = self._terms[reference.term]
        value = self._evaluator.value(self._module, operand)
        if value == UNKNOWN_VALUE:
            return []
        for name in (method, *self._semantics.operator_fallbacks(method)):
            found = [
                definition
                for entity in value
                for definition in self._semantics.member_definitions(entity, name)
                if definition.module is not None and self.kind_of(definition) in _FUNCTIONS
            ]
            if found:
                return list(dict.fromkeys(found))
        return []

    # rows

    def _row(
        self,
        reference: Reference,
        site: Place,
        source: int,
        target: int | None,
        outcome: str,
        confidence: Confidence,
    ) -> None:
        """Add the row of one site; its fields go by position, as there are hundreds of thousands of them."""
        role = reference.role
        self.rows.append(
            LinkedReference(
                source,
                target,
                reference.name,
                site[0],
                site[1],
                _ROLE_NAMES[role],
                _FORM_NAMES[reference.form],
                reference.arguments,
                outcome,
                confidence,
                target is not None and target == source and role is _CALL,
                bool(int(reference.flags) & _AWAITED),
            )
        )

    def _unlinked(
        self,
        reference: Reference,
        meanings: Sequence[tuple[Definition, Confidence]],
        source: int,
        site: Place,
    ) -> None:
        self._row(reference, site, source, None, self._reason(reference, meanings), Confidence.GUESS)

    def _reason(self, reference: Reference, meanings: Sequence[tuple[Definition, Confidence]]) -> str:
        for definition, _ in meanings:
            if definition.local:
                return "external" if self._is_foreign(reference.term) else "local"
        if reference.role is _CALL and self._runs_lambdas(reference):
            return "local"
        term = self._terms[reference.term]
        if term[0] == op.MEMBER:
            value = self._evaluator.value(self._module, term[1])
            if value == UNKNOWN_VALUE:
                return "unresolved"
            if UNKNOWN not in value and any(isinstance(entity, Foreign) for entity in value):
                return "external"
            if self._is_foreign(reference.term):
                return "external"
        return "unresolved"

    def _is_foreign(self, term: int) -> bool:
        """Whether all that a term may denote is what code outside the project made."""
        value = self._evaluator.value(self._module, term)
        for entity in value:
            if not isinstance(entity, Foreign):
                return False
        return bool(value)

    def _runs_lambdas(self, reference: Reference) -> bool:
        """Whether what is called is known, and is a function without a name."""
        value = self._evaluator.value(self._module, reference.term)
        return bool(value) and all(isinstance(entity, Lambda) for entity in value)


def _passed(parameters: Sequence[Parameter], position: int, arguments: Arguments, offset: int) -> int | None:
    """The term that a call passes to a parameter, None where it passes none."""
    if position >= len(parameters):
        return None
    parameter = parameters[position]
    for keyword, term in arguments.keywords:
        if keyword == parameter.name:
            return term
    index = position - offset
    positional = parameter.kind in (ParameterKind.POSITIONAL, ParameterKind.POSITIONAL_ONLY)
    return arguments.positional[index] if positional and 0 <= index < len(arguments.positional) else None


_AWAITED = int(ReferenceFlag.AWAITED)  # an int: the and of two flags makes a flag each time
_ROLE_NAMES = tuple(role.name.lower() for role in Role)
_FORM_NAMES = tuple(form.name.lower() for form in Form)
