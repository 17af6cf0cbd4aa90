"""Links files: from the facts of a project to the symbols, edges and sites of each of its files."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import partial
from operator import attrgetter

from isg.graph.linking.depth import deep_calls
from isg.graph.linking.evaluator import Evaluator
from isg.graph.linking.fixpoint import Solver
from isg.graph.linking.module import Module
from isg.graph.linking.project import ProjectFiles
from isg.graph.linking.references import EdgeTable, ReferenceLinker
from isg.graph.linking.semantics import ASKERS_OWN, Context, Definition, Semantics
from isg.graph.linking.symbols import symbols_of
from isg.graph.linking.values import Universe
from isg.graph.model import (
    TYPE_KINDS,
    Confidence,
    EdgeKind,
    How,
    LinkedFile,
    LinkedImport,
    Symbol,
    SymbolKind,
)
from isg.graph.semantics.registry import SEMANTICS
from isg.parsers import operators as op
from isg.parsers.facts import ImportFlag, Reference
from isg.parsers.languages import FAMILIES

# Members of enums that are read for every symbol or import: to look one up in its class runs code, as does
# the and of two flags.
_CONTAINS, _DEFINES, _IMPORTS = EdgeKind.CONTAINS, EdgeKind.DEFINES, EdgeKind.IMPORTS
_NONE, _TYPE_ONLY, _LATER, _EXACT = How.NONE, How.TYPE_ONLY, How.LAZY, Confidence.EXACT
_IMPL_BLOCK = SymbolKind.IMPL_BLOCK
_WITH_MEMBERS = TYPE_KINDS | {_IMPL_BLOCK}
_TYPE_CHECKING, _LAZY = int(ImportFlag.TYPE_CHECKING), int(ImportFlag.LAZY)
_NOT_ALWAYS = int(ImportFlag.CONDITIONAL | ImportFlag.TRY)


class _SemanticsByFamily(dict[str, Semantics]):
    """The semantics of each family, imported and made when a file of it is first asked about."""

    context: Context

    def __missing__(self, family: str) -> Semantics:
        made = self[family] = SEMANTICS[family]()(self.context)
        return made


class Linker:
    """Links the files of one state of a project; facts are loaded as they are needed."""

    def __init__(self, project: ProjectFiles) -> None:
        self.project = project
        self.consulted: dict[str, dict[tuple[str, ...], None]] = {}
        self._modules: dict[str, Module] = {}
        self._asked: set[str] = set()  # files that others looked something up in
        self._semantics = _SemanticsByFamily()
        self.evaluator = Evaluator(Universe(), Solver(), self._semantics)
        self._semantics.context = Context(
            self.evaluator.universe, self.evaluator.solver, self.evaluator, project, self.module, self._record
        )

    def module(self, path: str) -> Module:
        """The module of a path of the project."""
        found = self._modules.get(path)
        if found is None:
            semantics = self.semantics(path)
            found = self._modules[path] = Module(
                path, semantics.naming(path), partial(self.project.facts, path), semantics.separator
            )
        return found

    def forget(self, paths: Iterable[str]) -> bool:
        """Let go of all that was found out about some files, and of who looked up what.

        False where a language does not keep apart what is about one file and what is about others.
        """
        self.consulted.clear()
        for path in paths:
            if path in self._modules and not self.semantics(path).apart:
                return False
            self._modules.pop(path, None)
        return True

    def renew(self, path: str) -> None:
        """Take the facts of a file anew: their numbers stand, and what is known of them still holds."""
        self.consulted.clear()
        if path in self._modules:
            self._modules[path].renew()

    def semantics(self, path: str) -> Semantics:
        """The semantics of a path of the project."""
        return self._semantics[FAMILIES[self.project.languages[path]]]

    def _record(self, reader: Module, question: tuple[str, ...]) -> None:
        asked = self.consulted.get(reader.path)
        if asked is None:
            asked = self.consulted[reader.path] = {}
        if question not in asked:
            asked[question] = None
            if question[0] not in ASKERS_OWN:
                self._asked.add(question[1])

    @deep_calls()
    def link(self, path: str) -> LinkedFile:
        """Everything that linking says about one file."""
        module = self.module(path)
        semantics = self.evaluator.semantics(module)
        semantics.reading(module)
        symbols = symbols_of(module, self.project.package)
        edges = EdgeTable(path)
        references = ReferenceLinker(module, symbols, self.project.package, self.evaluator, edges)
        self._structure(module, symbols, edges, references)
        self._decorations(module, symbols, edges, references, range(len(symbols)))
        self._overrides(module, symbols, edges, references, range(len(symbols)))
        imports = self._imports(module, symbols, edges, references)
        for reference in self._references(module):
            references.link(reference)
        semantics.reading(None)
        externals = tuple(sorted(references.externals.values(), key=lambda s: s.key))
        rows = tuple(sorted(references.rows, key=attrgetter("line", "column")))
        linked = LinkedFile(path, symbols, externals, edges.edges(), rows, imports)
        if path not in self._asked:
            module.forget()
        return linked

    @deep_calls()
    def link_within(self, path: str, symbols: tuple[Symbol, ...], within: AbstractSet[int]) -> LinkedFile:
        """What linking says about some symbols of a file, by index: what they refer to and override."""
        module = self.module(path)
        semantics = self.evaluator.semantics(module)
        semantics.reading(module)
        edges = EdgeTable(path)
        references = ReferenceLinker(module, symbols, self.project.package, self.evaluator, edges)
        for reference in self._references(module):
            if reference.symbol in within:
                references.link(reference)
        self._decorations(module, symbols, edges, references, sorted(within))
        self._overrides(module, symbols, edges, references, sorted(within))
        semantics.reading(None)
        externals = tuple(references.externals.values())
        return LinkedFile(path, symbols, externals, edges.edges(), tuple(references.rows), ())

    def _references(self, module: Module) -> tuple[Reference, ...]:
        load = self.project.references
        return load(module.path) if load is not None else module.facts.references

    def _structure(
        self, module: Module, symbols: tuple[Symbol, ...], edges: EdgeTable, references: ReferenceLinker
    ) -> None:
        """CONTAINS and DEFINES edges."""
        for symbol, fact in zip(symbols, module.facts.symbols, strict=True):
            if fact.parent >= 0:
                parent = symbols[fact.parent]
                edges.add(
                    _DEFINES if parent.kind in TYPE_KINDS else _CONTAINS, _NONE, _EXACT, parent.id, symbol.id
                )
                if parent.kind is _IMPL_BLOCK:
                    self._members_of_subjects(module, fact.parent, symbol, edges, references)
        package = self.evaluator.semantics(module).container_of(module)
        target = references.target_id(package) if package is not None else None
        if target is not None and target != symbols[0].id:
            edges.add(EdgeKind.CONTAINS, How.NONE, Confidence.EXACT, target, symbols[0].id)

    def _members_of_subjects(
        self, module: Module, block: int, member: Symbol, edges: EdgeTable, references: ReferenceLinker
    ) -> None:
        """DEFINES edges from the types that an ``impl`` block is for to what stands in it."""
        for subject in self.evaluator.semantics(module).subjects(module, block):
            if subject.module is not None and (subject.module, subject.symbol) != (module, block):
                target = references.target_id(subject)
                assert target is not None
                edges.add(EdgeKind.DEFINES, How.NONE, Confidence.EXACT, target, member.id)

    def _decorations(
        self,
        module: Module,
        symbols: tuple[Symbol, ...],
        edges: EdgeTable,
        references: ReferenceLinker,
        within: Iterable[int],
    ) -> None:
        """USES edges from what is decorated to its decorators."""
        semantics, terms = self.evaluator.semantics(module), module.facts.terms
        for index in within:
            symbol = symbols[index]
            for decorator in module.facts.symbols[index].decorators:
                term = decorator
                while terms[term][0] == op.CALL:
                    term = terms[term][1]
                if terms[term][0] not in (op.NAME, op.USE, op.MEMBER):
                    continue
                for definition, confidence in semantics.denote(module, term):
                    target = references.target_id(definition)
                    if target is not None and target != symbol.id:
                        edges.add(EdgeKind.USES, How.DECORATES, confidence, symbol.id, target)

    def _overrides(
        self,
        module: Module,
        symbols: tuple[Symbol, ...],
        edges: EdgeTable,
        references: ReferenceLinker,
        within: Iterable[int],
    ) -> None:
        semantics = self.evaluator.semantics(module)
        for index in within:
            fact = module.facts.symbols[index]
            if fact.kind in _WITH_MEMBERS:
                for method, definition in semantics.overridden(module, index):
                    target = references.target_id(definition)
                    if target is not None and target != symbols[method].id:
                        edges.add(EdgeKind.OVERRIDES, How.NONE, Confidence.EXACT, symbols[method].id, target)

    def _imports(
        self, module: Module, symbols: tuple[Symbol, ...], edges: EdgeTable, references: ReferenceLinker
    ) -> tuple[LinkedImport, ...]:
        """IMPORTS edges and a row for each import statement's name."""
        semantics, source = self.evaluator.semantics(module), symbols[0].id
        rows = []
        for index, fact in enumerate(module.facts.imports):
            flags = int(fact.flags)
            how = _TYPE_ONLY if flags & _TYPE_CHECKING else _LATER if flags & _LAZY else _NONE
            site = (module.line(fact.unit, fact.line), fact.column)
            last = None
            for definition in _distinct(semantics.imports_of(module, index)):
                target = references.target_id(definition)
                if target is not None and target != source:
                    edges.add(_IMPORTS, how, _EXACT, source, target, site)
                    last = target
            rows.append(
                LinkedImport(
                    source=source,
                    target=last,
                    module="." * fact.level + fact.module,
                    name=fact.name,
                    alias=fact.alias,
                    line=site[0],
                    when=str(how) or "runtime",
                    conditional=bool(flags & _NOT_ALWAYS),
                    reexport=_is_reexport(module, fact.name, fact.alias),
                )
            )
        return tuple(rows)


def _distinct(definitions: Iterable[Definition]) -> list[Definition]:
    return list(dict.fromkeys(definitions))


def _is_reexport(module: Module, name: str, alias: str) -> bool:
    """Whether an import is there for others: in a package's head, in ``__all__``, or ``x as x``."""
    bound = alias or name
    return module.is_package or (bool(alias) and alias == name) or bound in (module.facts.exports or ())
