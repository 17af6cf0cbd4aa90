"""What a file gives to others: ``export`` of all forms, and what CommonJS assigns to ``exports``."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, BindingKind, Form, ImportFlag, Role, ScopeKind, SymbolId, TermId
from isg.parsers.typescript.grammar import IDENTIFIER, MEMBER, kind
from isg.parsers.typescript.imports import Imports, unquoted
from isg.parsers.typescript.scopes import Scope
from isg.parsers.typescript.walk import Walk

DEFAULT = "default"
WHOLE = "export="
_SPECIFIER = kind("export_specifier")
_MODULE, _EXPORTS = "module", "exports"


class Exports:
    """The scopes of exported names: one for the module, one for each namespace."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.recorder = Imports(walk)

    def open(self, scope: Scope) -> None:
        """Gives a module or namespace its scope of exports."""
        symbol = self.walk.tables.scopes[scope.number].symbol
        scope.exports = self.walk.tables.scope(ScopeKind.EXPORTS, scope.number, symbol, {})

    def add(self, name: str, term: TermId, symbol: SymbolId = NOTHING) -> None:
        """The module or namespace that is being read exports this name."""
        walk = self.walk
        exports = walk.module_scope().exports
        number = walk.tables.binding(BindingKind.EXPORT, name, exports, term, 0, symbol)
        walk.tables.scopes[exports].names.setdefault(name, []).append(number)

    def declared(self, name: str) -> None:
        """A declaration of this name is exported."""
        walk = self.walk
        self.add(name, walk.terms[(op.NAME, walk.module_scope().number, name)])

    def clause(self, node: Node, module: str | None, flags: ImportFlag) -> None:
        """``{a, b as c}``, of this module or of another."""
        walk = self.walk
        for child in node.named_children:
            if walk.kinds[child.kind_id] == _SPECIFIER and child.named_children:
                names = child.named_children
                name, alias = unquoted(walk.slice(names[0])), unquoted(walk.slice(names[-1]))
                own = ImportFlag.TYPE_CHECKING if child.children[0].type == "type" else flags
                if module is None:
                    self.add(alias, self.local(name, names[0]))
                else:
                    self.imported(module, name, alias, child, own)

    def local(self, name: str, node: Node) -> TermId:
        """The term of an own name that is exported, with its reference: a value's, else a type's."""
        walk = self.walk
        scope = walk.module_scope()
        term = walk.terms[(op.NAME, scope.number, name)]
        meant = walk.terms[(op.TYPE_NAME, scope.number, name)] if self.is_type(name) else term
        walk.refer(meant, name, Role.READ, Form.NAME, node)
        return term

    def is_type(self, name: str) -> bool:
        """Whether the module or namespace that is being read declares a name as a type, and as no value."""
        scope = self.walk.module_scope()
        return name in scope.types and name not in scope.values

    def imported(self, module: str, name: str, alias: str, place: Node, flags: ImportFlag) -> None:
        """A name of another module is exported under a name of this one."""
        walk = self.walk
        number = self.recorder.add(
            module, name, "" if alias == name else alias, place, flags | ImportFlag.REEXPORT
        )
        self.add(alias, walk.terms[(op.IMPORTED, number)])

    # CommonJS

    def is_module_exports(self, node: Node) -> bool:
        """Whether a member is ``module.exports``, or one of it or of ``exports``."""
        walk = self.walk
        owner = node.children[0]
        if walk.kinds[owner.kind_id] == IDENTIFIER:
            text = walk.slice(owner)
            if text == _EXPORTS:
                return walk.find(_EXPORTS) is None
            return (
                text == _MODULE and walk.slice(node.children[-1]) == _EXPORTS and walk.find(_MODULE) is None
            )
        return (
            walk.kinds[owner.kind_id] == MEMBER
            and walk.slice(owner) == "module.exports"
            and walk.find(_MODULE) is None
        )

    def shared(self, value: TermId, name: str) -> None:
        """``const name = module.exports = value``: the variable is exported, with all that it gets later."""
        walk = self.walk
        for number in walk.tables.scopes[walk.module_scope().exports].names.get(WHOLE, ()):
            binding = walk.tables.bindings[number]
            if binding.term == value:
                walk.fill(number, walk.terms[(op.NAME, walk.module_scope().number, name)])

    def common(self, node: Node, value: TermId) -> None:
        """``module.exports = value``, ``exports.name = value``"""
        walk = self.walk
        walk.is_script = False
        name = walk.slice(node.children[-1])
        is_whole = name == _EXPORTS and walk.slice(node.children[0]) == _MODULE
        self.add(WHOLE if is_whole else name, value)
