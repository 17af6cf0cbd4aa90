"""Symbols of the graph from the symbol facts of a file."""

from __future__ import annotations

import re
from posixpath import basename

from isg.graph.linking.module import Module
from isg.graph.model import Symbol, SymbolKind, symbol_id

_TEST_FOLDERS = frozenset({"test", "tests", "__tests__", "testsuite"})
_TEST_FILE = re.compile(r"^(test_.*|.*_test|tests|conftest)\.\w+$")


def is_test_path(path: str) -> bool:
    """Whether a file holds tests, by the conventions of the common runners."""
    return bool(_TEST_FILE.match(basename(path))) or not _TEST_FOLDERS.isdisjoint(path.split("/")[:-1])


def symbols_of(module: Module, package: str) -> tuple[Symbol, ...]:
    """All symbols that a file defines, the module itself first, in source order."""
    language, test = module.facts.language, is_test_path(module.path)
    ids = [module.symbol_id(i, package) for i in range(len(module.facts.symbols))]
    result = []
    for index, fact in enumerate(module.facts.symbols):
        top = fact.parent < 0
        kind = SymbolKind.PACKAGE if top and module.is_package else SymbolKind(fact.kind)
        result.append(
            Symbol(
                id=ids[index],
                key=module.key(index),
                kind=kind,
                name=fact.name,
                qualified=module.name if top else module.qualified[index],
                language=language,
                file=module.path,
                line=1 if top else module.line(fact.unit, fact.line),
                column=fact.column,
                start_line=1 if top else module.line(fact.unit, fact.start),
                end_line=max(1, module.facts.lines) if top else module.line(fact.unit, fact.end),
                parent=None if top else ids[fact.parent],
                signature=f"module {module.name}" if top else fact.signature,
                doc=fact.doc,
                visibility=fact.visibility,
                modifiers=fact.modifiers,
                complexity=fact.complexity,
                statements=fact.statements,
                is_test=test,
                signature_hash=fact.signature_hash,
                body_hash=fact.body_hash,
            )
        )
    return tuple(result)


def external_symbol(language: str, name: str) -> Symbol:
    """The symbol that stands for something outside the project, by its dotted name."""
    key = f"{language}:{name}"
    return Symbol(
        id=symbol_id(language, "", key),
        key=key,
        kind=SymbolKind.EXTERNAL,
        name=name.rpartition(".")[2],
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
