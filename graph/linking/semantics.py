"""What a language must say for its terms to be evaluated and its references to be linked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, TypeVar, cast

import msgspec

from isg.graph.linking.values import NOTHING, UNKNOWN_VALUE, join

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from isg.graph.linking.evaluator import Arguments, Evaluator
    from isg.graph.linking.fixpoint import Solver
    from isg.graph.linking.module import Module
    from isg.graph.linking.project import ProjectFiles
    from isg.graph.linking.values import Entity, Universe, Value
    from isg.graph.model import Confidence
    from isg.parsers.terms import Term

A = TypeVar("A")

# Look-ups of files, that are told by who asks and by which files there are.
ASKERS_OWN = frozenset({"module", "submodule", "within", "stub", "declared"})


class Definition(msgspec.Struct, frozen=True, eq=False):
    """What a name means: a symbol of a module, a module itself, something external, a local, or not known.

    Exactly one of the fields is set; ``local`` for a parameter or local variable. A semantics makes one
    object for each meaning, so they compare by identity.
    """

    module: Module | None = None
    symbol: int = 0  # 0 is the module itself
    external: str | None = None
    local: bool = False

    @property
    def known(self) -> bool:
        return self.module is not None or self.external is not None


UNRESOLVED = Definition()
LOCAL = Definition(local=True)


class Naming(msgspec.Struct, frozen=True):
    """How a file is known to the others of its language."""

    name: str
    package: bool = False  # whether others stand inside it
    taken: frozenset[str] = frozenset()  # names in it that are other files, and so no symbol's


class Context(msgspec.Struct, frozen=True):
    """What the semantics of a language are given.

    ``load`` gives the module of a path of the project, whatever its language. ``record`` notes that a
    module being linked asked a question: ``(kind, path of the module asked, …)``, to be answered by
    :meth:`Semantics.answer`, or one of the kinds ``ASKERS_OWN``, to be answered by :meth:`Semantics.locate`.
    """

    universe: Universe
    solver: Solver
    evaluator: Evaluator
    project: ProjectFiles
    load: Callable[[str], Module]
    record: Callable[[Module, tuple[str, ...]], None]


class Semantics(ABC):
    """One language's rules for names, members, calls and types."""

    separator = "."
    """What stands between the parts of a qualified name."""

    apart = False
    """Whether all that is remembered about a file goes by its :class:`Module`, and what is remembered about
    others rests on it only by way of recorded look-ups."""

    def __init__(self, context: Context) -> None:
        self.universe = context.universe
        self.solver = context.solver
        self.evaluator = context.evaluator
        self.load = context.load
        self._record = context.record
        self.reader: Module | None = None  # whose terms are evaluated now

    # look-ups, recorded for incremental linking

    def reading(self, module: Module | None) -> Module | None:
        """Say whose terms are evaluated from now on, for the record of look-ups; gives who was before."""
        before, self.reader = self.reader, module
        return before

    def record(self, asker: Module, question: tuple[str, ...]) -> None:
        """Record a look-up whose answer depends on the file that asks."""
        if not asker.library:
            self._record(asker, question)

    def note(self, asker: Module, owner: Module, *question: str) -> None:
        """Record that a file rests on the answer of another to a question."""
        if owner is not asker and not owner.library:
            self.record(asker, question)

    def consult(self, owner: Module, *question: str) -> None:
        """Record that the module being read asked another file this question."""
        reader = self.reader
        if reader is not None and reader is not owner and not (owner.library or reader.library):
            self._record(reader, question)

    def once(self, question: tuple[Hashable, ...], compute: Callable[[], A]) -> A:
        """The answer to what the file being read may ask again; what it rests on is on record then."""
        reader = self.reader
        if reader is None:
            return compute()
        if question in reader.answers:
            return cast("A", reader.answers[question])
        answer, final = self.solver.attempt(compute)
        if final:
            reader.answers[question] = answer
        return answer

    def solve(self, module: Module, kind: str, number: int, compute: Callable[[], Value]) -> Value:
        """The value of something in a module that does not keep it yet; what it needs the module looks up."""

        def read() -> Value:
            before = self.reading(module)
            try:
                return compute()
            finally:
                self.reading(before)

        return self.solver.solve((module, kind, number), read, NOTHING, join)

    def solve_type(self, module: Module, term: int, evaluate: Callable[[Module, Term, int], Value]) -> Value:
        """The value of a type expression, evaluated once; ``(UNKNOWN,)`` for term 0."""
        if term <= 0:
            return UNKNOWN_VALUE
        found = module.memo.get(("type", term))
        if found is not None:
            return found  # type: ignore[no-any-return]
        expression = module.facts.terms[term]
        return self.solve(module, "type", term, lambda: evaluate(module, expression, term))

    # files

    @abstractmethod
    def naming(self, path: str) -> Naming:
        """How a file of the language is named."""

    @abstractmethod
    def locate(self, asker: str, question: tuple[str, ...]) -> str | None:
        """The path, or paths by line, that a look-up of the kinds ``ASKERS_OWN`` of a file finds now."""

    def is_found_by_content(self, path: str) -> bool:
        """Whether what a file says decides which of those look-ups find it, and not its path alone."""
        return False

    def evaluate(self, module: Module, term: Term) -> Value:
        """The value of a term with an operator that not all languages have."""
        return UNKNOWN_VALUE

    # names

    @abstractmethod
    def name_value(self, module: Module, scope: int, name: str) -> Value: ...

    @abstractmethod
    def reaching_value(self, module: Module, binding: int) -> Value: ...

    @abstractmethod
    def imported(self, module: Module, index: int) -> Value: ...

    @abstractmethod
    def symbol_value(self, module: Module, symbol: int) -> Value: ...

    @abstractmethod
    def parameter(self, module: Module, signature: int, position: int) -> Value: ...

    @abstractmethod
    def denote(self, module: Module, term: int) -> Sequence[tuple[Definition, Confidence]]:
        """What a NAME, USE or MEMBER term names, each with how sure that is: exact where names and
        imports alone decide it, dispatch for what may stand there in place of another."""

    @abstractmethod
    def definition(self, module: Module, symbol: int) -> Definition: ...

    @abstractmethod
    def member_definitions(self, entity: Entity, name: str) -> list[Definition]:
        """What an entity has under a name; those of the project are wanted, and others may be left out."""

    @abstractmethod
    def operator_fallbacks(self, method: str) -> tuple[str, ...]:
        """The methods that an operator tries after its own."""

    @abstractmethod
    def constructors(self, class_: Entity) -> list[Definition]:
        """The constructor that calling a class runs, own or inherited."""

    def companions(self, definition: Definition) -> Iterable[Definition]:
        """Other declarations of the same name, which a mention of this one mentions as well."""
        return ()

    @abstractmethod
    def functions_run(self, definition: Definition) -> list[tuple[Module, int]]:
        """The functions of the project whose body a call of a definition runs: itself, or its constructor."""

    @abstractmethod
    def is_bound(self, module: Module, term: int, owner: Module, symbol: int) -> bool:
        """Whether a call through this term passes the receiver by itself."""

    @abstractmethod
    def imports_of(self, module: Module, index: int) -> Iterable[Definition]:
        """What an import statement names: the module, and the symbol taken from it."""

    def subjects(self, module: Module, symbol: int) -> Iterable[Definition]:
        """What a head speaks of: the symbol itself, or the types that an ``impl`` block is for."""
        yield self.definition(module, symbol)

    @abstractmethod
    def overridden(self, module: Module, symbol: int) -> Iterable[tuple[int, Definition]]:
        """For a class: its methods, each with a method of an ancestor that it overrides."""

    @abstractmethod
    def container_of(self, module: Module) -> Definition | None:
        """The package that a module lies in."""

    @abstractmethod
    def answer(self, asked: Module, question: tuple[str, ...]) -> Iterable[Entity | str]:
        """The present answer to a recorded look-up ``(kind, path of the module asked, …)``."""

    # members and calls

    @abstractmethod
    def member(self, entity: Entity, name: str) -> Value: ...

    @abstractmethod
    def call(self, entity: Entity, arguments: Arguments) -> Value: ...

    @abstractmethod
    def protocol_call(self, entity: Entity, method: str) -> Value: ...

    @abstractmethod
    def operate(self, module: Module, method: str, left: int, right: int) -> Value: ...

    @abstractmethod
    def decorate(self, module: Module, decorator: int, decorated: int) -> Value: ...

    @abstractmethod
    def super_(self, module: Module, symbol: int, binding: int) -> Value: ...

    # structure

    @abstractmethod
    def index(self, module: Module, container: int, index: int) -> Value: ...

    @abstractmethod
    def iterate(self, entity: Entity) -> Value: ...

    @abstractmethod
    def iterate_async(self, entity: Entity) -> Value: ...

    @abstractmethod
    def awaited(self, entity: Entity) -> Value: ...

    @abstractmethod
    def item(self, entity: Entity, position: int) -> Value: ...

    @abstractmethod
    def literal(self, name: str) -> Value: ...

    @abstractmethod
    def container(self, module: Module, name: str, *arguments: Value) -> Value: ...

    # types

    @abstractmethod
    def type_expression(self, module: Module, term: int) -> Value: ...

    @abstractmethod
    def instances(self, classes: Value) -> Value: ...

    @abstractmethod
    def tested(self, module: Module, subject: int, test: int, *, holds: bool) -> Value:
        """The value of the term ``subject`` where the test, a term too, is known to hold or to fail."""

    @abstractmethod
    def narrow_class(self, subject: Value, test: Value) -> Value: ...
