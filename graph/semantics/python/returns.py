"""What functions return: as declared, as their bodies say, or as the method that they override declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from isg.graph.linking.module import Module
from isg.graph.linking.values import (
    NOTHING,
    UNKNOWN_VALUE,
    Value,
    join,
)
from isg.graph.semantics.python.classes import CLASS_KINDS, Member
from isg.parsers.facts import Signature, SignatureFlag

if TYPE_CHECKING:
    from isg.graph.semantics.python.language import Python


class Returns:
    """Values that calls of signatures give."""

    def __init__(self, python: Python) -> None:
        self._python = python

    def of(self, module: Module, signature: int) -> Value:
        """What a signature returns: as declared, else the union of what its body returns."""
        symbol = module.facts.signatures[signature].symbol
        if symbol >= 0:
            self._python.consult(module, "call", module.path, module.qualified[symbol])
        found = module.memo.get(("returns", signature))
        if found is not None:
            return found  # type: ignore[no-any-return]
        key = (module, "returns", signature)
        return self._python.solver.solve(key, lambda: self._returns(module, signature), NOTHING, join)

    def _returns(self, module: Module, signature: int) -> Value:
        before = self._python.reading(module)
        try:
            fact = module.facts.signatures[signature]
            if fact.returns:
                return self._declared_return(module, fact)
            return self._inferred_return(module, fact)
        finally:
            self._python.reading(before)

    def _declared_return(self, module: Module, fact: Signature) -> Value:
        value = self._python.types.declared(module, fact.returns)
        is_coroutine = fact.flags & SignatureFlag.ASYNC and not fact.flags & SignatureFlag.GENERATOR
        return self._coroutine(value) if is_coroutine else value

    def _inferred_return(self, module: Module, fact: Signature) -> Value:
        evaluator = self._python.evaluator
        returned = join(*[evaluator.value(module, t) for t in fact.returned])
        is_async = fact.flags & SignatureFlag.ASYNC
        if fact.flags & SignatureFlag.GENERATOR:
            yielded = join(*[evaluator.value(module, t) for t in fact.yielded])
            if not fact.yielded:
                yielded = UNKNOWN_VALUE
            if is_async:
                return self._python.stubs.container("AsyncGenerator", yielded)
            if not fact.returned:
                returned = self._python.stubs.literal("None")
            return self._python.stubs.container(
                "Generator", yielded, UNKNOWN_VALUE, returned or UNKNOWN_VALUE
            )
        if not returned and fact.returned:
            return NOTHING
        if not self._python.types.is_concrete(returned):
            inherited = self._stub_return(module, fact) or self._inherited_return(module, fact)
            if inherited:
                return inherited
            if fact.flags & SignatureFlag.ABSTRACT_BODY:
                returned = UNKNOWN_VALUE
        if is_async:
            return self._coroutine(returned or self._python.stubs.literal("None"))
        return returned

    def _stub_return(self, module: Module, fact: Signature) -> Value:
        """What a stub file beside the source declares."""
        stub = self._python.importing.stub_of(module) if fact.symbol >= 0 else None
        symbol = stub.symbol_of_name.get(module.qualified[fact.symbol]) if stub is not None else None
        if stub is None or symbol is None or not stub.facts.symbols[symbol].signatures:
            return NOTHING
        return self.of(stub, stub.facts.symbols[symbol].signatures[-1])

    def _inherited_return(self, module: Module, fact: Signature) -> Value:
        """What an overridden method declares to return."""
        overridden = self.overridden(module, fact.symbol)
        if overridden is None:
            return NOTHING
        base_module, base_signature = overridden
        if not base_module.facts.signatures[base_signature].returns:
            return NOTHING
        return self.of(base_module, base_signature)

    def overridden(self, module: Module, symbol: int) -> tuple[Module, int] | None:
        """The signature of the method of an ancestor that this method overrides."""
        if symbol < 0:
            return None
        fact = module.facts.symbols[symbol]
        parent = fact.parent
        if parent < 0 or module.facts.symbols[parent].kind not in CLASS_KINDS:
            return None
        class_ = self._python.universe.class_(module, parent)
        found = self._python.classes.find(class_, fact.name, after=class_)
        if not isinstance(found, Member):
            return None
        owner = found.owner.module
        for binding in found.bindings:
            other = owner.facts.bindings[binding].symbol
            if other >= 0 and owner.facts.symbols[other].signatures:
                return owner, owner.facts.symbols[other].signatures[-1]
        return None

    def _coroutine(self, value: Value) -> Value:
        if not value:
            return NOTHING
        class_ = self._python.stubs.library_class("typing.Coroutine")
        if class_ is None:
            return UNKNOWN_VALUE
        universe = self._python.universe
        arguments = (UNKNOWN_VALUE, UNKNOWN_VALUE, value)  # what it yields and takes, and what it returns
        return (universe.instance(universe.class_(class_.module, class_.symbol, arguments)),)
