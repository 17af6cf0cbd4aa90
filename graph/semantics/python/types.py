"""Python type expressions: what annotations mean.

Rules: the typing specification (typing.python.org), chapters on annotations, generics and special types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN,
    UNKNOWN_VALUE,
    ClassEntity,
    Entity,
    External,
    Foreign,
    Instance,
    ModuleEntity,
    SelfType,
    Text,
    TupleEntity,
    TypeVariable,
    Value,
    join,
    union,
)
from isg.graph.semantics.python.names import Found
from isg.parsers import operators as op
from isg.parsers.facts import BindingKind
from isg.parsers.terms import Term

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python

_TRANSPARENT = frozenset({"Annotated", "ClassVar", "Final", "Required", "NotRequired", "ReadOnly", "Unpack"})
_BASES = frozenset({"Generic", "Protocol", "NamedTuple", "TypedDict"})
_ALIASES = {
    "List": "builtins.list", "Dict": "builtins.dict", "Set": "builtins.set",
    "FrozenSet": "builtins.frozenset",
    "Tuple": "builtins.tuple", "Type": "builtins.type", "Text": "builtins.str", "Deque": "collections.deque",
    "DefaultDict": "collections.defaultdict", "OrderedDict": "collections.OrderedDict",
    "Counter": "collections.Counter", "ChainMap": "collections.ChainMap", "ByteString": "builtins.bytes",
    "ContextManager": "contextlib.AbstractContextManager",
    "AsyncContextManager": "contextlib.AbstractAsyncContextManager",
}  # fmt: skip


class Types:
    """Turns type expressions into values."""

    def __init__(self, python: Python) -> None:
        self._python = python

    # expressions

    def declared(self, module: Module, term: int) -> Value:
        """The value that a declaration with this type expression holds."""
        return self.type_expression(module, term)

    def type_expression(self, module: Module, term: int) -> Value:
        """Instances of what a type expression means."""
        return self._python.solve_type(module, term, self._evaluate)

    def _evaluate(self, module: Module, expression: Term, term: int) -> Value:
        operator = expression[0]
        if operator == op.NAME:
            found = self._python.names.lookup(module, expression[1], expression[2])
            return self.of_found(found)
        if operator == op.USE:
            return self.of_found((module, tuple(int(b) for b in expression[1:])))
        if operator == op.MEMBER:
            return self._of_member(module, expression[1], expression[2])
        if operator == op.UNION:
            return join(*[self.type_expression(module, int(t)) for t in expression[1:]])
        if operator == op.OPERATE and expression[1] == "__or__":
            return join(*[self.type_expression(module, int(t)) for t in expression[2:]])
        if operator == op.INDEX:
            return self._subscript(module, expression[1], expression[2])
        if operator == op.LITERAL and expression[1] == "None":
            return self._python.stubs.literal("None")
        if operator == op.STRING and expression[1].isidentifier():  # `Key["Value"]()`
            return self.of_found(self._python.names.lookup(module, 0, expression[1]))
        if operator in (op.STRING, op.LITERAL, op.INTEGER, op.LIST, op.TUPLE):
            return UNKNOWN_VALUE
        return self.instances(self._python.evaluator.value(module, term))

    def _of_member(self, module: Module, receiver: int, name: str) -> Value:
        result: list[Value] = []
        for entity in self._python.evaluator.value(module, receiver):
            if isinstance(entity, ModuleEntity):
                found = self._python.names.export(entity.module, name)
                if found is None and entity.module.library:
                    found = self._python.universe.external(f"{entity.module.name}.{name}")
                result.append(self.of_found(found))
            elif isinstance(entity, ClassEntity):
                member = self._python.classes.find(entity, name)
                if member is None or isinstance(member, Entity):
                    result.append(UNKNOWN_VALUE)
                else:
                    result.append(self.of_found((member.owner.module, member.bindings)))
            else:
                result.append(self.instances(self._python.members.value(entity, name)))
        return join(*result)

    def of_found(self, found: Found | Entity | None) -> Value:
        """Instances of what bindings mean when they stand in a type expression."""
        if found is None:
            return UNKNOWN_VALUE
        if isinstance(found, Entity):
            return self.instance_of(found)
        module, bindings = found
        return join(*[self._of_binding(module, b) for b in bindings])

    def _of_binding(self, module: Module, binding: int) -> Value:
        fact = module.facts.bindings[binding]
        python = self._python
        if fact.kind is BindingKind.IMPORT:
            term = module.facts.terms[fact.term]
            if term[0] != op.IMPORTED:
                return UNKNOWN_VALUE
            found = module.memo.get(("imported type", binding))
            if found is None:
                imported = term[1]
                found = python.solver.solve(
                    (module, "imported type", binding),
                    lambda: self.of_found(self._imported(module, imported)),
                    NOTHING,
                    join,
                )
            return cast("Value", found)
        if fact.kind is BindingKind.TYPE_PARAMETER:
            return (python.universe.type_variable(module, binding),)
        bound: Value = NOTHING
        if fact.kind is BindingKind.ASSIGNMENT:
            bound = python.names.bound(module, binding)
            if any(isinstance(e, TypeVariable) for e in bound):
                return tuple(self.instance_of(e)[0] for e in bound)
            if fact.term and module.facts.terms[fact.term][0] != op.CALL:
                return self.type_expression(module, fact.term)
        if fact.symbol >= 0 and module.facts.symbols[fact.symbol].kind == "type_alias" and fact.term:
            return self.type_expression(module, fact.term)
        return self.instances(bound or python.evaluator.value(module, fact.term))

    def _imported(self, module: Module, imported: int) -> Found | Entity | None:
        before = self._python.reading(module)
        try:
            return self._python.names.import_entity(module, imported)
        finally:
            self._python.reading(before)

    def instance_of(self, entity: Entity) -> Value:
        """What an annotation that means this entity stands for."""
        python = self._python
        if isinstance(entity, ClassEntity):
            return (python.universe.instance(entity),)
        if isinstance(entity, External):
            return self._of_external(entity)
        if isinstance(entity, TypeVariable):
            return (python.universe.type_variable(entity.module, entity.binding),)
        if isinstance(entity, Instance | TupleEntity | Foreign):
            return UNKNOWN_VALUE if not isinstance(entity, Foreign) else (entity,)
        if isinstance(entity, SelfType):
            return (python.universe.self_type,)
        return UNKNOWN_VALUE

    def _of_external(self, entity: External) -> Value:
        special = special_name(entity.name)
        if special is None:
            return (self._python.universe.foreign(entity.name),)
        if special == "Self":
            return (self._python.universe.self_type,)
        if special in _ALIASES:
            class_ = self._python.stubs.library_class(_ALIASES[special])
            return (self._python.universe.instance(class_),) if class_ is not None else UNKNOWN_VALUE
        if special in ("LiteralString", "AnyStr"):
            return self._python.stubs.literal("str")
        if special == "Callable":
            return (self._python.universe.callback(UNKNOWN_VALUE),)
        return UNKNOWN_VALUE

    def instances(self, classes: Value) -> Value:
        """Instances of classes, of each in a tuple of them too."""
        result: list[Entity] = []
        for entity in classes:
            if isinstance(entity, TupleEntity):
                result += [e for item in entity.items for e in self.instances(item)]
            else:
                result += self.instance_of(entity)
        return union(result)

    def instances_of_literals(self, module: Module, terms: tuple[int, ...]) -> Value:
        """The value of ``Literal[…]``."""
        return join(*[self._python.evaluator.value(module, t) for t in terms])

    # subscripts

    def arguments_of(self, module: Module, term: int) -> tuple[int, ...]:
        """The terms inside the brackets of a subscript."""
        expression = module.facts.terms[term] if term > 0 else (op.UNKNOWN,)
        return tuple(int(t) for t in expression[1:]) if expression[0] == op.TUPLE else (term,)

    def _subscript(self, module: Module, base: int, index: int) -> Value:
        arguments = self.arguments_of(module, index)
        result: list[Value] = []
        for entity in self._python.evaluator.value(module, base):
            special = special_name(entity.name) if isinstance(entity, External) else None
            if special is not None:
                result.append(self._special(module, special, arguments))
            elif isinstance(entity, ClassEntity):
                result.append(self.parametrise(module, entity, arguments))
            elif isinstance(entity, External):
                result.append((self._python.universe.foreign(entity.name),))
            else:
                result.append(self._alias(module, base, arguments))
        return join(*result)

    def parametrise(self, module: Module, class_: ClassEntity, arguments: tuple[int, ...]) -> Value:
        """An instance of a generic class with these type arguments."""
        universe = self._python.universe
        if class_.module.library and class_.module.name == "builtins":
            name = class_.module.facts.symbols[class_.symbol].name
            if name == "type":
                return self._class_of(module, arguments[0])
            if name == "tuple":
                return self._tuple(module, arguments)
        values = tuple([self.type_expression(module, t) for t in arguments])
        if not all(values):
            return NOTHING
        return (universe.instance(universe.class_(class_.module, class_.symbol, values)),)

    def _special(self, module: Module, name: str, arguments: tuple[int, ...]) -> Value:
        if name in _TRANSPARENT:
            return self.type_expression(module, arguments[0])
        if name == "Optional":
            return join(self.type_expression(module, arguments[0]), self._python.stubs.literal("None"))
        if name == "Union":
            return join(*[self.type_expression(module, t) for t in arguments])
        if name == "Type":
            return self._class_of(module, arguments[0])
        if name == "Tuple":
            return self._tuple(module, arguments)
        if name == "Callable":
            return self._callable(module, arguments)
        if name == "Literal":
            return self.instances_of_literals(module, arguments)
        if name in ("TypeGuard", "TypeIs"):
            return self._python.stubs.literal("bool")
        if name in _ALIASES:
            class_ = self._python.stubs.library_class(_ALIASES[name])
            return self.parametrise(module, class_, arguments) if class_ is not None else UNKNOWN_VALUE
        return UNKNOWN_VALUE

    def _callable(self, module: Module, arguments: tuple[int, ...]) -> Value:
        """``Callable[[parameters], result]``; the parameters may be left open: ``Callable[..., result]``."""
        listed = module.facts.terms[max(arguments[0], 0)]
        terms = listed[1:] if listed[0] == op.LIST else ()
        parameters = tuple([self.type_expression(module, int(t)) for t in terms])
        result = self.type_expression(module, arguments[-1])
        if not result or not all(parameters):
            return NOTHING
        return (self._python.universe.callback(result, parameters),)

    def _tuple(self, module: Module, arguments: tuple[int, ...]) -> Value:
        terms = module.facts.terms
        if len(arguments) == 2 and arguments[1] > 0 and terms[arguments[1]] == (op.LITERAL, "ellipsis"):
            return self._python.stubs.container("tuple", self.type_expression(module, arguments[0]))
        items = tuple([self.type_expression(module, t) for t in arguments])
        return (self._python.universe.tuple_(items),) if all(items) else NOTHING

    def _class_of(self, module: Module, term: int) -> Value:
        return self.classes_of(self.type_expression(module, term))

    def classes_of(self, value: Value) -> Value:
        """The classes of instances: what ``type(x)`` and ``type[X]`` give."""
        return union(e for entity in value for e in self._class_entity(entity))

    def _class_entity(self, entity: Entity) -> Value:
        universe = self._python.universe
        if isinstance(entity, Instance):
            return (entity.type,)
        if isinstance(entity, TypeVariable):
            return (universe.type_variable(entity.module, entity.binding, True),)
        if isinstance(entity, SelfType):
            return (universe.self_meta,)
        if isinstance(entity, Foreign) and entity.name:
            return (universe.external(entity.name),)
        if isinstance(entity, Text):
            return self.classes_of(self._python.stubs.literal("str"))
        return UNKNOWN_VALUE

    def _alias(self, module: Module, base: int, arguments: tuple[int, ...]) -> Value:
        value = self.type_expression(module, base)
        variables = tuple(dict.fromkeys(v for e in value for v in self._python.variables.free(e)))
        values = (self.type_expression(module, t) for t in arguments)
        return self._python.variables.substitute(value, dict(zip(variables, values, strict=False)))

    def special_base(self, module: Module, term: int) -> tuple[str | None, tuple[Value, ...]]:
        """``Generic``, ``Protocol``, ``NamedTuple`` or ``TypedDict`` as a base, with its type arguments."""
        expression = module.facts.terms[term] if term > 0 else (op.UNKNOWN,)
        arguments: tuple[Value, ...] = ()
        if expression[0] == op.INDEX:
            head = expression[1]
            index = self.arguments_of(module, expression[2])
        else:
            head, index = term, ()
        for entity in self._python.evaluator.value(module, head):
            special = special_name(self._python.stubs.library_name(entity))
            if special in _BASES:
                arguments = tuple([self.type_expression(module, t) for t in index])
                return special, arguments
        return None, ()

    def class_of_term(self, module: Module, term: int) -> Entity | None:
        """The class that a term means, or an external entity."""
        for entity in self._python.evaluator.value(module, term):
            if isinstance(entity, ClassEntity | External):
                return entity
        return None

    def is_concrete(self, value: Value) -> bool:
        """Whether a value says more than that something is there."""
        for entity in value:
            if entity is not UNKNOWN and not isinstance(entity, Foreign) and not self._is_none(entity):
                return True
        return False

    def _is_none(self, entity: Entity) -> bool:
        return isinstance(entity, Instance) and entity in self._python.stubs.literal("None")


def special_name(name: str | None) -> str | None:
    """The bare name of a typing construct, else None."""
    if name is None:
        return None
    module, _, bare = name.rpartition(".")
    if module in ("typing", "typing_extensions"):
        return bare
    return "Callable" if name == "collections.abc.Callable" else None
