"""Symbols of the graph from the symbol facts of a file."""

from __future__ import annotations

import re
from posixpath import basename

from isg.graph.linking.module import Module
from isg.graph.model import Declaration, Symbol, SymbolKind, symbol_id
from isg.graph.qualified import last_part
from isg.parsers.facts import DeclarationFact

_TEST_FOLDERS = frozenset({"test", "tests", "__tests__", "__mocks__", "testsuite", "e2e"})
_TEST_FILE = re.compile(r"^(test_.*|.*[-_]test|.*\.(test|spec|test-d|e2e|cy)|tests|conftest)\.\w+$")

_KINDS = {str(kind): kind for kind in SymbolKind}


def is_test_path(path: str) -> bool:
    """Whether a file holds tests, by the conventions of the common runners."""
    return bool(_TEST_FILE.match(basename(path))) or not _TEST_FOLDERS.isdisjoint(path.split("/")[:-1])


def symbols_of(module: Module, package: str) -> tuple[Symbol, ...]:
    """All symbols that a file defines, the module itself first, in source order."""
    language, tests = module.facts.language, _tests(module)
    ids = [module.symbol_id(i, package) for i in range(len(module.facts.symbols))]
    result = []
    for index, fact in enumerate(module.facts.symbols):
        top, unit = fact.parent < 0, module.facts.units[fact.unit]
        result.append(
            Symbol(
                id=ids[index],
                key=module.key(index),
                kind=SymbolKind.PACKAGE if top and module.is_package else _KINDS[fact.kind],
                name=fact.name,
                qualified=module.name if top else module.qualified[index],
                language=language,
                file=module.path,
                line=1 if top else unit + fact.line,
                column=fact.column,
                start_line=1 if top else unit + fact.start,
                end_line=max(1, module.facts.lines) if top else unit + fact.end,
                parent=None if top else ids[fact.parent],
                signature=f"module {module.name}" if top else fact.signature,
                doc=fact.doc,
                visibility=fact.visibility,
                modifiers=fact.modifiers,
                complexity=fact.complexity,
                statements=fact.statements,
                is_test=tests[index],
                signature_hash=fact.signature_hash,
                body_hash=fact.body_hash,
                declarations=_declarations(module, fact.declarations) if fact.declarations else (),
            )
        )
    return tuple(result)


def _declarations(module: Module, facts: tuple[DeclarationFact, ...]) -> tuple[Declaration, ...]:
    def line(fact: DeclarationFact, relative: int) -> int:
        return module.line(fact.unit, relative)

    return tuple(
        Declaration(line(each, each.line), each.column, line(each, each.start), line(each, each.end))
        for each in facts
    )


def _tests(module: Module) -> list[bool]:
    """Which symbols are tests: those of a test file, and what is marked as one, with all inside it."""
    found, in_tests = list[bool](), is_test_path(module.path)
    for fact in module.facts.symbols:
        within = fact.parent >= 0 and found[fact.parent]
        found.append(in_tests or within or "test" in fact.modifiers)
    return found


def external_symbol(language: str, name: str) -> Symbol:
    """The symbol that stands for something outside the project, by its qualified name."""
    key = f"{language}:{name}"
    return Symbol(
        id=symbol_id(language, "", key),
        key=key,
        kind=SymbolKind.EXTERNAL,
        name=last_part(name),
        qualified=name,
        language=language,
        file=None,
        line=0,
        column=0,
        start_line=0,
        end_line=0,
        parent=None,
        signature=name,
    )
