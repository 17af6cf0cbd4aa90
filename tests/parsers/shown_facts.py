"""Facts as short text, so that a test is a source and what it must become.

``Use(x)`` is the only binding of x, ``Use(x:2)`` its second; a binding behind a test is shown as its term.
"""

from __future__ import annotations

from isg.parsers.facts import BindingKind, FileFacts, Reference, Signature, SymbolFact
from isg.parsers.terms import DECLARING, Op


def shown(facts: FileFacts, term: int) -> str:
    """A term as text."""
    row = facts.terms[term]
    op, operands = Op(row[0]), row[1:]
    plain = _PLAIN.get(op)
    if plain is not None:
        return plain(facts, *operands)
    inner = ", ".join(operand if isinstance(operand, str) else shown(facts, operand) for operand in operands)
    return f"{op.name.capitalize()}({inner})"


def _use(facts: FileFacts, *bindings: int) -> str:
    return f"Use({', '.join(_binding(facts, number) for number in bindings)})"


def _binding(facts: FileFacts, number: int) -> str:
    binding = facts.bindings[number]
    if binding.kind is BindingKind.NARROWED:
        return shown(facts, binding.term)
    same = facts.scopes[binding.scope].names[binding.name]
    return binding.name if len(same) == 1 else f"{binding.name}:{same.index(number) + 1}"


def _call(facts: FileFacts, function: int, count: int, *arguments: int | str) -> str:
    positional = [shown(facts, int(each)) for each in arguments[:count]]
    named = iter(arguments[count:])
    keywords = [f"{name}={shown(facts, int(value))}" for name, value in zip(named, named, strict=True)]
    return f"{shown(facts, function)}({', '.join(positional + keywords)})"


def _import(facts: FileFacts, number: int) -> str:
    each = facts.imports[number]
    return f"Import({'.' * each.level}{each.module}{':' if each.name else ''}{each.name})"


def _parameter(facts: FileFacts, signature: int, number: int) -> str:
    return f"Parameter({facts.signatures[signature].parameters[number].name})"


def _object(facts: FileFacts, *pairs: int | str) -> str:
    each = iter(pairs)
    members = [(name, int(term)) for name, term in zip(each, each, strict=True) if name != DECLARING]
    shown_pairs = [f"{name}: {shown(facts, term)}" for name, term in members]
    return f"{{{', '.join(shown_pairs)}}}"


def _callable(facts: FileFacts, number: int) -> str:
    signature = facts.signatures[number]
    parameters = ", ".join(shown(facts, each.annotation) for each in signature.parameters)
    return f"Callable({parameters}) -> {shown(facts, signature.returns)}"


_PLAIN = {
    Op.UNKNOWN: lambda facts: "?",
    Op.NAME: lambda facts, scope, name: name,
    Op.USE: _use,
    Op.MEMBER: lambda facts, owner, name: f"{shown(facts, owner)}.{name}",
    Op.CALL: _call,
    Op.INDEX: lambda facts, owner, index: f"{shown(facts, owner)}[{shown(facts, index)}]",
    Op.LITERAL: lambda facts, name: f"<{name}>",
    Op.STRING: lambda facts, text: repr(text),
    Op.INTEGER: lambda facts, number: str(number),
    Op.ITEM: lambda facts, term, number: f"Item({shown(facts, term)}, {number})",
    Op.SYMBOL: lambda facts, number: f"Symbol({facts.symbols[number].name})",
    Op.TYPE_NAME: lambda facts, scope, name: name,
    Op.TYPE_MEMBER: lambda facts, owner, name: f"{shown(facts, owner)}.{name}",
    Op.MACRO: lambda facts, scope, name: f"{name}!",
    Op.NEW: lambda facts, *operands: f"New {_call(facts, *operands)}",
    Op.OBJECT: _object,
    Op.CALLABLE: _callable,
    Op.EXPECTED: lambda facts, call, number: f"Expected({shown(facts, call)}, {number})",
    Op.LAMBDA: lambda facts, number: f"Lambda({', '.join(returned(facts, facts.signatures[number]))})",
    Op.IMPORTED: _import,
    Op.PARAMETER: _parameter,
    Op.RECEIVER: lambda facts, number: f"Receiver({facts.symbols[number].name})",
    Op.SUPER: lambda facts, symbol, binding: (
        f"Super({facts.symbols[symbol].name}, {facts.bindings[binding].name if binding >= 0 else binding})"
    ),
}


def returned(facts: FileFacts, signature: Signature) -> list[str]:
    return [shown(facts, term) for term in signature.returned]


def symbol(facts: FileFacts, name: str) -> SymbolFact:
    """The only symbol of that name."""
    found = [each for each in facts.symbols if each.name == name]
    assert len(found) == 1, [each.name for each in facts.symbols]
    return found[0]


def signature(facts: FileFacts, name: str) -> Signature:
    """The last signature of the function of that name."""
    return facts.signatures[symbol(facts, name).signatures[-1]]


def place(facts: FileFacts, fact: SymbolFact | Reference) -> tuple[int, int]:
    """Absolute line and column."""
    return facts.units[fact.unit] + fact.line, fact.column


def declared_at(facts: FileFacts, symbol: SymbolFact) -> list[tuple[int, int, int, int]]:
    """Line and column of the name, first and last line of each further declaration."""
    return [
        (unit + each.line, each.column, unit + each.start, unit + each.end)
        for each in symbol.declarations
        for unit in [facts.units[each.unit]]
    ]


def symbols_in(facts: FileFacts) -> list[str]:
    """``kind path`` of each symbol but the module, by place."""
    order = sorted(range(1, len(facts.symbols)), key=lambda number: place(facts, facts.symbols[number]))
    return [f"{facts.symbols[number].kind} {_path(facts, number)}" for number in order]


def _path(facts: FileFacts, number: int) -> str:
    each = facts.symbols[number]
    return each.name if each.parent == 0 else f"{_path(facts, each.parent)}.{each.name}"


def references_in(facts: FileFacts, *roles: str) -> list[str]:
    """``role form term @ symbol`` of each reference with one of these roles, in source order."""
    return [
        f"{each.role.name} {each.form.name} {shown(facts, each.term)} @ {facts.symbols[each.symbol].name}"
        for each in sorted(facts.references, key=lambda each: place(facts, each))
        if not roles or each.role.name in roles
    ]
