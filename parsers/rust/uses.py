"""Use declarations, `extern crate` and `mod name;` (Rust reference, chapter "Items")."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import NOTHING, BindingKind, Import, ImportFlag, ScopeId
from isg.parsers.rust.attributes import Attributes
from isg.parsers.rust.grammar import SELF, VISIBILITY, kind, named, parts
from isg.parsers.rust.walk import MAX_DEPTH, Walk

_LIST = kind("use_list")
_SCOPED_LIST = kind("scoped_use_list")
_WILDCARD = kind("use_wildcard")
_AS = kind("use_as_clause")


class Uses:
    """Records imports, one for each leaf of a use tree, and binds their names."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self._macros: set[tuple[ScopeId, str]] = set()  # those that names are taken from already

    def begin(self) -> None:
        """The items of a file begin."""
        self._macros.clear()

    def use(self, node: Node, attributes: Attributes) -> None:
        if self.walk.silent:
            return
        flags = self._flags(node, attributes)
        for child in named(node.children):
            if child.kind_id != VISIBILITY:
                self._tree(child, "", flags)

    def extern_crate(self, node: Node, attributes: Attributes) -> None:
        """`extern crate a as b;`"""
        name_node, alias_node = node.child_by_field_name("name"), node.child_by_field_name("alias")
        if name_node is None or self.walk.silent:
            return
        name = self.walk.name(name_node)
        alias = self.walk.name(alias_node) if alias_node is not None else ""
        self._add(name, "", alias, alias or name, self._flags(node, attributes), name_node)

    def declared_module(self, node: Node, name_node: Node, attributes: Attributes) -> None:
        """`mod name;`"""
        if not self.walk.silent:
            name = self.walk.name(name_node)
            flags = self._flags(node, attributes) | ImportFlag.DECLARES
            self._add(attributes.path, name, "", name, flags, name_node)
            for path in attributes.conditional_paths:
                self._add(path, name, "", name, flags | ImportFlag.CONDITIONAL, name_node)

    def macro(self, path: Node) -> None:
        """`name!();`: all that a macro holds, as if it were a module of that name."""
        name = f"{self._text(path)}!"
        if not self.walk.silent and (self.walk.scope, name) not in self._macros:
            self._macros.add((self.walk.scope, name))
            self._add(name, "*", "", "", self.walk.import_flags | ImportFlag.REEXPORT, path)

    def _flags(self, node: Node, attributes: Attributes) -> ImportFlag:
        flags = self.walk.import_flags
        if any(child.kind_id == VISIBILITY for child in node.children):
            flags |= ImportFlag.REEXPORT
        if "conditional" in attributes.modifiers:
            flags |= ImportFlag.CONDITIONAL
        if self.walk.signature is not None:
            flags |= ImportFlag.LAZY
        return flags

    def _tree(self, node: Node, prefix: str, flags: ImportFlag) -> None:
        walk = self.walk
        kind_id = node.kind_id
        if kind_id == _LIST:
            if walk.depth > MAX_DEPTH:
                walk.too_deep(node)
                return
            walk.depth += 1
            for child in named(node.children):
                self._tree(child, prefix, flags)
            walk.depth -= 1
        elif kind_id == _SCOPED_LIST:
            children = parts(node)
            path = children[0] if children[0].kind_id != _LIST and children[0].is_named else None
            start = self._text(path) if path is not None else ("::" if children[0].type == "::" else "")
            self._tree(children[-1], _joined(prefix, start), flags)
        elif kind_id == _WILDCARD:
            children = parts(node)
            path = children[0] if children[0].is_named else None
            start = self._text(path) if path is not None else ("::" if children[0].type == "::" else "")
            self._add(_joined(prefix, start), "*", "", "", flags, children[-1])
        elif kind_id == _AS:
            children = parts(node)
            self._leaf(children[0], prefix, walk.name(children[-1]), flags)
        else:
            self._leaf(node, prefix, "", flags)

    def _leaf(self, node: Node, prefix: str, alias: str, flags: ImportFlag) -> None:
        path = _joined(prefix, self._text(node))
        last = node.children[-1] if node.children else node
        if last.kind_id == SELF and path.endswith(
            "::self"
        ):  # `a::b::{self}` is `a::b`, in the type namespace
            path = path[: -len("::self")]
        module, separator, name = path.rpartition("::")
        if separator and not module:
            module = "::"
        name = name.removeprefix("r#")
        self._add(module, name, alias, alias or name, flags, last)

    def _text(self, node: Node) -> str:
        return "".join(self.walk.slice(node).split())

    def _add(self, module: str, name: str, alias: str, bound: str, flags: ImportFlag, place: Node) -> None:
        walk, tables = self.walk, self.walk.tables
        line, column = walk.place(place)
        number = len(tables.imports)
        tables.imports.append(
            Import(module, 0, name, alias, walk.unit, line, column, walk.referrer, walk.scope, flags)
        )
        if bound and bound != "_":
            term = walk.terms[(op.IMPORTED, number)]
            binding = tables.binding(BindingKind.IMPORT, bound, walk.scope, term, 0, NOTHING)
            tables.scopes[walk.scope].names.setdefault(bound, []).append(binding)


def _joined(prefix: str, path: str) -> str:
    if not prefix or not path:
        return prefix or path
    return prefix + path if prefix == "::" else f"{prefix}::{path}"
