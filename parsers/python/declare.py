"""Which names a scope binds, found before its statements are read.

Python decides by the whole body of a function whether a name is local, and a loop's end reaches its start:
so bindings get their numbers, and module and class variables their symbols, in a pass of their own. It
looks at statements and targets only; expressions are searched only where a walrus stands in them.
"""

from __future__ import annotations

from bisect import bisect_left

from tree_sitter import Node

from isg.parsers.facts import NOTHING, BindingId, BindingKind, SymbolId
from isg.parsers.grammar import Dispatch
from isg.parsers.python.flow import Frame
from isg.parsers.python.grammar import (
    ATTRIBUTE,
    BLOCKS,
    GRAMMAR,
    IDENTIFIER,
    SUBSCRIPT,
    assignment_sides,
    kind,
    kinds,
    named,
    parts,
)
from isg.parsers.python.signature_text import variable_signature
from isg.parsers.python.walk import MAX_DEPTH, DefinitionPlan, Walk
from isg.parsers.tables import SymbolDraft

_AS_PATTERN = kinds("as_pattern")
_CASE_PATTERN = kind("case_pattern")
_DOTTED_NAME = kind("dotted_name")
_LAMBDA = kinds("lambda")
_NAMED_EXPRESSION = kind("named_expression")
_DECORATED = kind("decorated_definition")
_DEFINITIONS = kinds("function_definition", "class_definition")
_DECORATOR = kind("decorator")
_CLASS = kind("class_definition")
_ALIASED = kind("aliased_import")
_GROUPS = kinds(
    "pattern_list",
    "tuple_pattern",
    "list_pattern",
    "tuple",
    "list",
    "parenthesized_expression",
    "list_splat",
    "list_splat_pattern",
    "expression_list",
    "as_pattern_target",
    "tuple_expression",
)
_PATTERNS = kinds(
    "case_pattern",
    "as_pattern",
    "union_pattern",
    "list_pattern",
    "tuple_pattern",
    "dict_pattern",
    "class_pattern",
    "keyword_pattern",
    "splat_pattern",
)

# looking up members of enums is slow
_ASSIGNED, _DECLARED, _DEFINED = BindingKind.ASSIGNMENT, BindingKind.DECLARATION, BindingKind.DEFINITION
_HANDLER, _IMPORT = BindingKind.HANDLER, BindingKind.IMPORT

_PROPERTIES = frozenset({"property", "cached_property", "functools.cached_property"})
_ACCESSORS = frozenset({"setter", "getter", "deleter"})


class Declarer:
    """Gives numbers to the bindings of the current frame."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self._depth = 0
        self._handlers: Dispatch[None] = GRAMMAR.dispatch(
            {
                "assignment": self._assignment,
                "augmented_assignment": self._augmented,
                "function_definition": self._definition,
                "class_definition": self._definition,
                "decorated_definition": self._decorated,
                "import_statement": self._import,
                "import_from_statement": self._import,
                "future_import_statement": self._import,
                "if_statement": self._compound,
                "elif_clause": self._compound,
                "else_clause": self._compound,
                "finally_clause": self._compound,
                "block": self._compound,
                "ERROR": self._compound,
                "with_statement": self._compound,
                "with_clause": self._compound,
                "with_item": self._with_item,
                "for_statement": self._for,
                "while_statement": self._ranged,
                "try_statement": self._ranged,
                "except_clause": self._except,
                "match_statement": self._compound,
                "case_clause": self._case,
                "global_statement": self._global,
                "nonlocal_statement": self._nonlocal,
                "type_alias_statement": self._type_alias,
            },
            self._expression,
        )

    def module(self, nodes: list[Node]) -> None:
        """Declares the module's names; each top-level definition begins a unit."""
        walk = self.walk
        for node in nodes:
            if node.kind_id in _DEFINITIONS or node.kind_id == _DECORATED:
                walk.tables.units.append(node.start_point[0] + 1)
                walk.enter_unit(len(walk.tables.units) - 1)
                self._handlers[node.kind_id](node)
                walk.enter_unit(0)
            else:
                self._handlers[node.kind_id](node)

    def body(self, nodes: list[Node]) -> None:
        find, fallback = self._handlers.get, self._expression if self.walk.walruses else None
        for node in nodes:
            handler = find(node.kind_id, fallback)
            if handler is not None:
                handler(node)

    def _compound(self, node: Node) -> None:
        if self._depth < MAX_DEPTH:
            self._depth += 1
            self.body(node.children)
            self._depth -= 1

    def _expression(self, node: Node) -> None:
        walruses = self.walk.walruses
        if walruses:
            at = bisect_left(walruses, node.start_byte)
            if at < len(walruses) and walruses[at] < node.end_byte:
                self._find_walruses(node)

    def _find_walruses(self, node: Node) -> None:
        pending = [node]
        while pending:
            node = pending.pop()
            if node.kind_id == _NAMED_EXPRESSION:
                self.target(node.children[0], BindingKind.ASSIGNMENT)
            if node.kind_id not in _LAMBDA and node.kind_id not in BLOCKS:
                pending.extend(reversed(node.children))

    # statements

    def _assignment(self, node: Node) -> None:
        targets, declared, value = assignment_sides(node)
        binding_kind = _DECLARED if value is None else _ASSIGNED
        for target in targets:
            self.target(target, binding_kind, declared, value)
        if value is not None:
            self._expression(value)

    def _augmented(self, node: Node) -> None:
        self.target(node.children[0], BindingKind.AUGMENTED)
        self._expression(node)

    def _import(self, node: Node) -> None:
        for child in node.children_by_field_name("name"):
            if child.kind_id == _ALIASED:
                alias = child.children[-1]
                self.declare(self.walk.slice(alias), alias, _IMPORT, NOTHING)
            elif child.kind_id == _DOTTED_NAME and child.children:
                first = child.children[0]
                self.declare(self.walk.slice(first), first, _IMPORT, NOTHING)

    def _with_item(self, node: Node) -> None:
        value = node.children[0]
        if value.kind_id in _AS_PATTERN:
            self.target(value.children[-1], BindingKind.CONTEXT)
        self._expression(value)

    def _for(self, node: Node) -> None:
        left = node.child_by_field_name("left")
        low = len(self.walk.tables.bindings)
        if left is not None:
            self.target(left, BindingKind.LOOP)
        self._compound(node)
        self.walk.ranges[node.start_byte] = (low, len(self.walk.tables.bindings))

    def _ranged(self, node: Node) -> None:
        low = len(self.walk.tables.bindings)
        self._compound(node)
        self.walk.ranges[node.start_byte] = (low, len(self.walk.tables.bindings))

    def _except(self, node: Node) -> None:
        for child in node.children:
            if child.kind_id in _AS_PATTERN:
                self.target(child.children[-1], BindingKind.HANDLER)
        self._compound(node)

    def _case(self, node: Node) -> None:
        for child in node.children:
            if child.kind_id == _CASE_PATTERN:
                self.captures(child)
            else:
                self._handlers[child.kind_id](child)

    def captures(self, pattern: Node, depth: int = 0) -> None:
        """The names that a pattern of a case binds."""
        children = parts(pattern)
        for position, child in enumerate(children):
            kind_id = child.kind_id
            if kind_id == _DOTTED_NAME:
                is_class = position == 0 and pattern.type == "class_pattern"
                if not is_class and len(child.children) == 1:
                    self.target(child.children[0], BindingKind.PATTERN)
            elif kind_id == IDENTIFIER:
                if position > 0:  # `as name`, `*name`; the first of a keyword pattern is an attribute
                    self.target(child, BindingKind.PATTERN)
            elif kind_id in _PATTERNS and depth < MAX_DEPTH:
                self.captures(child, depth + 1)

    def _global(self, node: Node) -> None:
        frame: Frame | None = self.walk.frame
        while frame is not None and frame.parent is not None:
            frame = frame.parent
        for name in named(node.children):
            if frame is not None and frame is not self.walk.frame:
                self.walk.frame.redirected[self.walk.slice(name)] = frame

    def _nonlocal(self, node: Node) -> None:
        for child in named(node.children):
            name = self.walk.slice(child)
            frame = self.walk.frame.parent
            while frame is not None and (frame.is_class or name not in frame.names):
                frame = frame.parent
            if frame is not None and frame.is_function:
                self.walk.frame.redirected[name] = frame

    def _type_alias(self, node: Node) -> None:
        left = parts(node)[1] if len(node.children) > 1 else None
        while left is not None and left.kind_id != IDENTIFIER:
            left = left.children[0] if left.children else None
        if left is not None:
            self.target(left, BindingKind.ASSIGNMENT, symbol_kind="type_alias")

    # targets

    def target(
        self,
        node: Node,
        binding_kind: BindingKind,
        declared: Node | None = None,
        value: Node | None = None,
        symbol_kind: str = "",
        depth: int = 0,
    ) -> None:
        """Declares all names in an assignment target."""
        kind_id = node.kind_id
        if kind_id == IDENTIFIER:
            self._variable(node, binding_kind, declared, value, symbol_kind)
        elif kind_id == ATTRIBUTE:
            self.walk.writes.append((node.start_byte, self.walk.slice(node)))
        elif kind_id == SUBSCRIPT:
            self.walk.writes.append((node.start_byte, f"{self.walk.slice(node.children[0])}["))
        elif kind_id in _GROUPS and depth < MAX_DEPTH:
            for child in node.children:
                self.target(child, binding_kind, depth=depth + 1)

    def _variable(
        self,
        node: Node,
        binding_kind: BindingKind,
        declared: Node | None,
        value: Node | None,
        symbol_kind: str,
    ) -> None:
        name = self.walk.slice(node)
        frame = self.walk.frame.redirected.get(name, self.walk.frame)
        if frame.is_function or binding_kind is _HANDLER:
            self.declare(name, node, binding_kind, NOTHING)
            return
        symbol = frame.definitions.get(name, NOTHING)
        defines = symbol == NOTHING
        if defines:
            symbol = self._variable_symbol(frame, name, node, declared, value, symbol_kind)
        number = self.declare(name, node, binding_kind, symbol)
        if defines:
            self.walk.defining.add(number)

    def _variable_symbol(
        self, frame: Frame, name: str, node: Node, declared: Node | None, value: Node | None, symbol_kind: str
    ) -> SymbolId:
        walk = self.walk
        annotation = walk.slice(declared) if declared is not None else ""
        line, column = walk.place(node)
        draft = SymbolDraft(
            symbol_kind or _variable_kind(frame, name, annotation),
            name,
            frame.symbol,
            walk.unit,
            line,
            column,
            line,
            value.end_point[0] + 1 - walk.unit_line if value is not None else line,
            variable_signature(name, annotation, walk.slice(value) if value is not None else ""),
        )
        symbol = walk.tables.symbol(draft)
        frame.definitions[name] = symbol
        return symbol

    def declare(self, name: str, node: Node, binding_kind: BindingKind, symbol: SymbolId) -> BindingId:
        """A binding of the name, made by the identifier *node*."""
        frame = self.walk.frame
        if frame.redirected:
            frame = frame.redirected.get(name, frame)
        number = self.walk.tables.binding(binding_kind, name, frame.scope, symbol=symbol)
        frame.names.setdefault(name, []).append(number)
        self.walk.slots[node.start_byte] = number
        if symbol != NOTHING or binding_kind is _IMPORT:
            frame.notable.add(name)
        return number

    # definitions

    def _decorated(self, node: Node) -> None:
        decorators = []
        for child in node.children:
            if child.kind_id == _DECORATOR:
                decorators.append(self.walk.slice(child)[1:].strip())
                self._expression(child)
            elif child.kind_id in _DEFINITIONS:
                self._define(child, node, decorators)

    def _definition(self, node: Node) -> None:
        self._define(node, node, [])

    def _define(self, node: Node, whole: Node, decorators: list[str]) -> None:
        name_node = node.child_by_field_name("name")
        if name_node is None:
            return
        walk, name = self.walk, self.walk.slice(name_node)
        plan = self._planned(node, whole, name, name_node, decorators)
        walk.plans[node.start_byte] = plan
        walk.slots[name_node.start_byte] = plan.binding

    def _planned(
        self, node: Node, whole: Node, name: str, name_node: Node, decorators: list[str]
    ) -> DefinitionPlan:
        frame = self.walk.frame.redirected.get(name, self.walk.frame)
        unit = self.walk.unit
        if node.kind_id == _CLASS:
            return DefinitionPlan(*self._new(frame, "class", name, name_node, whole), "sole", unit)
        if any(text.rpartition(".")[2] == "overload" for text in decorators):
            known = frame.overloads.get(name)
            if known is None:
                known = self._new(frame, _function_kind(frame, name, decorators), name, name_node, whole)
                frame.overloads[name] = known
            return DefinitionPlan(*known, "overload", unit)
        known = frame.overloads.pop(name, None)
        if known is not None:
            return DefinitionPlan(*known, "implementation", unit)
        known = frame.accessors.get(name)
        if known is not None and any(_is_accessor(text, name) for text in decorators):
            return DefinitionPlan(*known, "accessor", unit)
        new = self._new(frame, _function_kind(frame, name, decorators), name, name_node, whole)
        frame.accessors[name] = new
        return DefinitionPlan(*new, "sole", unit)

    def _new(
        self, frame: Frame, symbol_kind: str, name: str, name_node: Node, whole: Node
    ) -> tuple[SymbolId, BindingId]:
        walk = self.walk
        line, column = walk.place(name_node)
        start = whole.start_point[0] + 1 - walk.unit_line
        end = whole.end_point[0] + 1 - walk.unit_line
        parent = frame.symbol
        symbol = walk.tables.symbol(
            SymbolDraft(symbol_kind, name, parent, walk.unit, line, column, start, end)
        )
        frame.definitions[name] = symbol
        return symbol, self.declare(name, name_node, _DEFINED, symbol)


def _function_kind(frame: Frame, name: str, decorators: list[str]) -> str:
    if not frame.is_class:
        return "function"
    if any(text in _PROPERTIES for text in decorators):
        return "property"
    return "constructor" if name in ("__init__", "__new__") else "method"


def _is_accessor(decorator: str, name: str) -> bool:
    base, _, last = decorator.rpartition(".")
    return base == name and last in _ACCESSORS


def _variable_kind(frame: Frame, name: str, annotation: str) -> str:
    if annotation.rpartition(".")[2] == "TypeAlias":
        return "type_alias"
    if frame.is_class:
        return "field"
    is_final = annotation.partition("[")[0].rpartition(".")[2] == "Final"
    is_upper = name.upper() == name and name.strip("_") != "" and not name.startswith("__")
    return "constant" if is_final or (is_upper and not name.isdigit()) else "variable"
