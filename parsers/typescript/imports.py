"""Imports of ES modules and CommonJS."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import Import, ImportFlag, ImportId, TermId
from isg.parsers.typescript.grammar import ARGUMENTS, IDENTIFIER, STRING, TEMPLATE, kind
from isg.parsers.typescript.walk import Walk

_CLAUSE = kind("import_clause")
_REQUIRE = kind("import_require_clause")
_NAMED = kind("named_imports")
_NAMESPACE = kind("namespace_import")
_SPECIFIER = kind("import_specifier")


class Imports:
    """Records imports, and binds their names."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk

    def statement(self, node: Node, flags: ImportFlag = ImportFlag.NONE) -> None:
        """``import a, {b as c} from "m"``, ``import * as n …``, ``import x = require("m")``"""
        walk, kinds = self.walk, self.walk.kinds
        walk.is_script = False
        module, clause = "", None
        for child in node.children:
            number = kinds[child.kind_id]
            if number == STRING:
                module = walk.slice(child)[1:-1]
            elif number in (_CLAUSE, _REQUIRE):
                clause = child
            elif not child.is_named and child.type in ("type", "typeof"):
                flags = ImportFlag.TYPE_CHECKING
        if clause is None:
            self.add(module, "", "", node)
        elif kinds[clause.kind_id] == _REQUIRE:
            source = clause.child_by_field_name("source")
            module = walk.slice(source)[1:-1] if source is not None else ""
            self._bound(module, "", clause.named_children[0], node, flags)
        else:
            for child in clause.named_children:
                self._clause(module, child, flags)

    def _clause(self, module: str, node: Node, flags: ImportFlag) -> None:
        walk, kinds = self.walk, self.walk.kinds
        number = kinds[node.kind_id]
        if number == IDENTIFIER:
            self._bound(module, "default", node, node, flags)
        elif number == _NAMESPACE and node.named_children:
            self._bound(module, "", node.named_children[-1], node, flags)
        elif number == _NAMED:
            for child in node.named_children:
                if kinds[child.kind_id] == _SPECIFIER and child.named_children:
                    own = ImportFlag.TYPE_CHECKING if child.children[0].type == "type" else flags
                    names = child.named_children
                    self._bound(module, unquoted(walk.slice(names[0])), names[-1], child, own)

    def _bound(self, module: str, name: str, local: Node, place: Node, flags: ImportFlag) -> None:
        alias = self.walk.slice(local)
        number = self.add(module, name, "" if alias == name else alias, place, flags)
        self.walk.bind(local.start_byte, self.walk.terms[(op.IMPORTED, number)])

    def add(
        self, module: str, name: str, alias: str, place: Node, flags: ImportFlag = ImportFlag.NONE
    ) -> ImportId:
        """One more import; ``import type`` and the like are flagged as there for the type checker only."""
        walk = self.walk
        line, column = walk.place(place)
        if walk.frame.parent is not None:
            flags |= ImportFlag.LAZY
        number = len(walk.tables.imports)
        walk.tables.imports.append(
            Import(module, 0, name, alias, walk.unit, line, column, walk.referrer, walk.scope.number, flags)
        )
        return number

    def imported(self, arguments: Node, is_type: bool = False) -> TermId:
        """The module that the arguments of ``import(…)`` or ``require(…)`` name; 0 where it is no literal."""
        walk = self.walk
        if walk.kinds[arguments.kind_id] != ARGUMENTS:
            return 0
        inner = [child for child in arguments.named_children if child.kind_id not in walk.extras]
        if not inner or walk.kinds[inner[0].kind_id] not in (STRING, TEMPLATE):
            return 0
        if any(child.type == "template_substitution" for child in inner[0].named_children):
            return 0
        flags = ImportFlag.TYPE_CHECKING if is_type else ImportFlag.NONE
        number = self.add(walk.slice(inner[0])[1:-1], "", "", inner[0], flags)
        return walk.terms[(op.IMPORTED, number)]

    def module(self, module: str, place: Node) -> TermId:
        """The module of ``import("m").T<U>``, where a type is written"""
        number = self.add(module, "", "", place, ImportFlag.TYPE_CHECKING)
        return self.walk.terms[(op.IMPORTED, number)]

    def required(self, node: Node) -> TermId:
        """``require("m")``"""
        walk = self.walk
        term = self.imported(node.children[-1])
        if term:
            walk.is_script = False
        return term

    def dynamic(self, node: Node) -> TermId:
        """``import("m")``: a promise of the module; 0 where its name is computed."""
        terms = self.walk.terms
        module = self.imported(node.children[-1])
        if not module:
            return 0
        promise = terms[(op.INDEX, terms[(op.TYPE_NAME, 0, "Promise")], terms[(op.TYPEOF, module)])]
        return terms[(op.ANNOTATION, promise)]


def unquoted(name: str) -> str:
    """A name of an import or export, which may be a string (ECMA-262, 16.2.2)."""
    return name[1:-1] if name[:1] in ("'", '"') else name
