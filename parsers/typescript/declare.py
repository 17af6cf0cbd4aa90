"""Which names a scope has, found before its statements are read.

Declarations are hoisted (ECMA-262, 8.2): functions and ``var`` to the function, ``let``, ``const`` and
classes to the block, and a name means the same in all of its scope. So scopes, symbols and bindings are
made in a pass of their own over declarations alone; expressions are not looked at.
"""

from __future__ import annotations

from bisect import bisect_left

from tree_sitter import Node

from isg.parsers.facts import NOTHING, BindingKind, ScopeKind
from isg.parsers.grammar import Dispatch
from isg.parsers.typescript.grammar import (
    ARRAY_PATTERN,
    ASSIGNMENT_PATTERN,
    CLASS_EXPRESSION,
    DECLARATOR,
    FUNCTION_SIGNATURE,
    FUNCTIONS,
    IDENTIFIER,
    NESTED_IDENTIFIER,
    OBJECT_ASSIGNMENT_PATTERN,
    OBJECT_PATTERN,
    PAIR_PATTERN,
    REST,
    SHORTHAND_PATTERN,
    STRING,
    VARIABLE,
    kind,
    kinds,
)
from isg.parsers.typescript.scopes import Scope
from isg.parsers.typescript.walk import MAX_DEPTH, Plan, Walk

_STATEMENTS = kinds(
    "if_statement",
    "else_clause",
    "for_statement",
    "for_in_statement",
    "while_statement",
    "do_statement",
    "try_statement",
    "catch_clause",
    "finally_clause",
    "switch_statement",
    "switch_body",
    "switch_case",
    "switch_default",
    "labeled_statement",
    "statement_block",
    "with_statement",
)
_FOR_IN = kind("for_in_statement")
_CLAUSE = kind("import_clause")
_REQUIRE = kind("import_require_clause")
_NAMED = kind("named_imports")
_NAMESPACE_IMPORT = kind("namespace_import")
_SPECIFIER = kind("import_specifier")
_SOURCE_GROUPS = frozenset({OBJECT_PATTERN, ARRAY_PATTERN, REST})


class Declarer:
    """Declares the names of blocks, functions and modules in the current scope."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        handlers = {
            "lexical_declaration": self._variables,
            "variable_declaration": self._variables,
            "function_declaration": self._function,
            "generator_function_declaration": self._function,
            "function_signature": self._function,
            "class_declaration": self._class,
            "abstract_class_declaration": self._class,
            "interface_declaration": self._interface,
            "type_alias_declaration": self._alias,
            "enum_declaration": self._enum,
            "module": self._namespace,
            "internal_module": self._namespace,
            "import_statement": self._import,
            "import_alias": self._import_alias,
            "export_statement": self._inside,
            "ambient_declaration": self._inside,
            "expression_statement": self._expression,
        }
        self._handlers: Dispatch[None] = walk.syntax.grammar.dispatch(handlers, self._nothing)

    def function(self, children: list[Node], node: Node) -> None:
        """Declares the names of a function's body, ``var`` of inner blocks too."""
        self.block(children)
        vars = self.walk.vars
        at = bisect_left(vars, node.start_byte)
        if at < len(vars) and vars[at] < node.end_byte:
            self.hoist(children)

    def block(self, children: list[Node]) -> None:
        handlers = self._handlers
        for child in children:
            if child.is_named:
                handlers[child.kind_id](child)

    def needs_scope(self, children: list[Node]) -> bool:
        """Whether a block declares anything of its own."""
        kinds = self.walk.kinds
        return any(kinds[child.kind_id] in _LEXICAL for child in children)

    def _nothing(self, node: Node) -> None:
        """Declares nothing."""

    def _inside(self, node: Node) -> None:
        self.block(node.children)

    def _expression(self, node: Node) -> None:
        """A namespace stands where an expression does."""
        for child in node.children:
            if child.type == "internal_module":
                self._namespace(child)

    def hoist(self, children: list[Node], depth: int = 0) -> None:
        """``var`` belongs to the function, in whatever block of it."""
        kinds = self.walk.kinds
        for child in children:
            number = kinds[child.kind_id]
            if number == VARIABLE:
                if depth:
                    self._variables(child)
            elif number in _STATEMENTS and depth < MAX_DEPTH:
                self.hoist(child.children, depth + 1)
                if number == _FOR_IN:
                    self.loop(child)

    def loop(self, node: Node) -> None:
        """The variable of ``for (const x of y)``."""
        left = node.child_by_field_name("left")
        declarator = node.child_by_field_name("kind")
        if left is not None and declarator is not None:
            constant = declarator.type == "const"
            self.pattern(left, BindingKind.LOOP, self.walk.scope, constant)

    # variables

    def _variables(self, node: Node) -> None:
        keyword = node.children[0].type
        for child in node.named_children:
            if self.walk.kinds[child.kind_id] == DECLARATOR:
                self._declarator(child, keyword)

    def _declarator(self, node: Node, keyword: str) -> None:
        walk = self.walk
        name = node.child_by_field_name("name")
        if name is None:
            return
        constant = keyword == "const"
        value = node.child_by_field_name("value")
        number = walk.kinds[value.kind_id] if value is not None else 0
        is_name = walk.kinds[name.kind_id] == IDENTIFIER
        if is_name and (number in FUNCTIONS or number == CLASS_EXPRESSION):
            text = walk.slice(name)
            symbol_kind = "class" if number == CLASS_EXPRESSION else "function"
            known = walk.scope.values.get(text)
            if known is not None and known.symbol != NOTHING and keyword == "var":
                self.pattern(name, BindingKind.ASSIGNMENT, walk.scope, constant)
                return
            symbol = walk.define(symbol_kind, text, name, node)
            binding = walk.declare(walk.scope, BindingKind.DEFINITION, text, symbol, name.start_byte)
            walk.scope.values[text].constant = constant
            if symbol_kind == "class":
                walk.scope.types[text] = False
            walk.plans[node.start_byte] = Plan(symbol, binding)
            return
        binding_kind = BindingKind.ASSIGNMENT if value is not None else BindingKind.DECLARATION
        self.pattern(name, binding_kind, walk.scope, constant, node)

    def pattern(
        self,
        node: Node,
        binding_kind: BindingKind,
        scope: Scope,
        constant: bool,
        declarator: Node | None = None,
        depth: int = 0,
    ) -> None:
        """Declares all names of a pattern; those of a module are symbols."""
        walk = self.walk
        number = walk.kinds[node.kind_id]
        if number in (IDENTIFIER, SHORTHAND_PATTERN):
            self._name(node, binding_kind, scope, constant, declarator)
        elif depth > MAX_DEPTH:
            return
        elif number in _SOURCE_GROUPS:
            for child in node.named_children:
                self.pattern(child, binding_kind, scope, constant, declarator, depth + 1)
        elif number in (ASSIGNMENT_PATTERN, OBJECT_ASSIGNMENT_PATTERN) and node.named_children:
            self.pattern(node.named_children[0], binding_kind, scope, constant, declarator, depth + 1)
        elif number == PAIR_PATTERN and node.named_children:
            self.pattern(node.named_children[-1], binding_kind, scope, constant, declarator, depth + 1)

    def _name(
        self, node: Node, binding_kind: BindingKind, scope: Scope, constant: bool, declarator: Node | None
    ) -> None:
        walk, name = self.walk, self.walk.slice(node)
        if node.start_byte in walk.slots:
            return
        symbol = NOTHING
        if scope.is_module and declarator is not None:
            known = scope.values.get(name)
            symbol = known.symbol if known is not None else NOTHING
            if symbol == NOTHING:
                symbol = walk.define("constant" if constant else "variable", name, node, declarator)
        walk.declare(scope, binding_kind, name, symbol, node.start_byte)
        scope.values[name].constant = constant

    # definitions

    def _definition(self, symbol_kind: str, node: Node, is_type: bool) -> None:
        walk = self.walk
        name_node = node.child_by_field_name("name")
        if name_node is None:
            return
        name = walk.slice(name_node)
        symbol = walk.define(symbol_kind, name, name_node, node)
        binding = walk.declare(walk.scope, BindingKind.DEFINITION, name, symbol)
        walk.scope.values[name].constant = True
        if is_type:
            walk.scope.types[name] = False
        walk.plans[node.start_byte] = Plan(symbol, binding)

    def _function(self, node: Node) -> None:
        """Overloads and their implementation share a symbol, which stands at the implementation."""
        walk = self.walk
        name_node = node.child_by_field_name("name")
        if name_node is None:
            return
        key = (walk.scope.number, walk.slice(name_node))
        known = walk.overloads.get(key)
        is_overload = walk.kinds[node.kind_id] == FUNCTION_SIGNATURE
        if known is not None:
            walk.plans[node.start_byte] = known
            if not is_overload:
                known.last = node.start_byte
                del walk.overloads[key]
            return
        self._definition("function", node, is_type=False)
        if is_overload:
            walk.overloads[key] = walk.plans[node.start_byte]

    def _class(self, node: Node) -> None:
        self._definition("class", node, is_type=True)

    def _enum(self, node: Node) -> None:
        self._definition("enum", node, is_type=True)

    def _interface(self, node: Node) -> None:
        self._type("interface", node)

    def _alias(self, node: Node) -> None:
        self._type("type_alias", node)

    def _type(self, symbol_kind: str, node: Node) -> None:
        walk = self.walk
        name_node = node.child_by_field_name("name")
        if name_node is None:
            return
        name = walk.slice(name_node)
        symbol = walk.define(symbol_kind, name, name_node, node)
        binding = walk.declare_type(walk.scope, BindingKind.DEFINITION, name, symbol)
        walk.plans[node.start_byte] = Plan(symbol, binding)

    def _namespace(self, node: Node) -> None:
        """``namespace A.B {}`` declares A here; ``declare module "m"`` names no variable."""
        walk = self.walk
        name_node = node.child_by_field_name("name")
        if name_node is None:
            return
        if walk.kinds[name_node.kind_id] == STRING:
            return
        while walk.kinds[name_node.kind_id] == NESTED_IDENTIFIER and name_node.named_children:
            name_node = name_node.named_children[0]
        name = walk.slice(name_node)
        symbol = walk.define("namespace", name, name_node, node)
        binding = walk.declare(walk.scope, BindingKind.DEFINITION, name, symbol)
        walk.scope.values[name].constant = True
        walk.scope.types[name] = False
        walk.plans[node.start_byte] = Plan(symbol, binding)

    # imports

    def _import(self, node: Node) -> None:
        for clause in node.named_children:
            number = self.walk.kinds[clause.kind_id]
            if number == _CLAUSE:
                for child in clause.named_children:
                    self._import_clause(child)
            elif number == _REQUIRE and clause.named_children:
                self._imported(clause.named_children[0])

    def _import_clause(self, node: Node) -> None:
        number = self.walk.kinds[node.kind_id]
        if number == IDENTIFIER:
            self._imported(node)
        elif number == _NAMESPACE_IMPORT and node.named_children:
            self._imported(node.named_children[-1])
        elif number == _NAMED:
            for child in node.named_children:
                if self.walk.kinds[child.kind_id] == _SPECIFIER and child.named_children:
                    self._imported(child.named_children[-1])

    def _imported(self, name: Node) -> None:
        walk, text = self.walk, self.walk.slice(name)
        walk.declare(walk.scope, BindingKind.IMPORT, text, NOTHING, name.start_byte)
        variable = walk.scope.values[text]
        variable.constant = variable.notable = True
        walk.scope.types[text] = False

    def _import_alias(self, node: Node) -> None:
        """``import a = b.c``"""
        if node.named_children:
            self._imported(node.named_children[0])

    def catch(self, node: Node) -> None:
        """The name of a catch clause."""
        parameter = node.child_by_field_name("parameter")
        if parameter is not None:
            self.pattern(parameter, BindingKind.HANDLER, self.walk.scope, constant=False)

    def open_block(self, children: list[Node]) -> None:
        """Enters the scope of a block, with its names declared."""
        walk = self.walk
        walk.open(ScopeKind.BLOCK, walk.owner)
        self.block(children)


_LEXICAL = kinds(
    "lexical_declaration",
    "function_declaration",
    "generator_function_declaration",
    "class_declaration",
    "abstract_class_declaration",
    "interface_declaration",
    "type_alias_declaration",
    "enum_declaration",
)
