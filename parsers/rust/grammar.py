"""The tree-sitter grammar of Rust, and how its nodes are read."""

from __future__ import annotations

from collections.abc import Iterable

from tree_sitter import Node

from isg.parsers.grammar import Grammar

GRAMMAR = Grammar("rust")
kind, kinds, token = GRAMMAR.kind, GRAMMAR.kinds, GRAMMAR.token

IDENTIFIER = kind("identifier")
TYPE_IDENTIFIER = kind("type_identifier")
SHORTHAND = kind("shorthand_field_identifier")
SELF = kind("self")
METAVARIABLE = kind("metavariable")
SCOPED = kinds("scoped_identifier", "scoped_type_identifier")
GENERIC_TYPES = kinds("generic_type", "generic_type_with_turbofish")
GENERIC_FUNCTION = kind("generic_function")
FIELD_EXPRESSION = kind("field_expression")
CALL = kind("call_expression")
CLOSURE = kind("closure_expression")
ARGUMENTS = kind("arguments")
TYPE_ARGUMENTS = kind("type_arguments")
TYPE_PARAMETERS = kind("type_parameters")
WHERE_CLAUSE = kind("where_clause")
BRACKETED_TYPE = kind("bracketed_type")
QUALIFIED_TYPE = kind("qualified_type")
LIFETIMES = kinds("lifetime", "for_lifetimes", "label")
BLOCK = kind("block")
PARAMETERS = kind("parameters")
PARAMETER = kind("parameter")
SELF_PARAMETER = kind("self_parameter")
VISIBILITY = kind("visibility_modifier")
DECLARATION_LIST = kind("declaration_list")
ATTRIBUTE = kind("attribute_item")
INNER_ATTRIBUTE = kind("inner_attribute_item")
MACRO_INVOCATION = kind("macro_invocation")
TOKEN_TREE = kind("token_tree")
MUTABLE = kind("mutable_specifier")
EXPRESSION_STATEMENT = kind("expression_statement")
COMMENTS = kinds("line_comment", "block_comment")
EXTRAS = COMMENTS | kinds("ERROR")
ITEMS = kinds(
    "const_item",
    "static_item",
    "enum_item",
    "extern_crate_declaration",
    "foreign_mod_item",
    "function_item",
    "function_signature_item",
    "impl_item",
    "macro_definition",
    "mod_item",
    "struct_item",
    "trait_item",
    "type_item",
    "associated_type",
    "union_item",
    "use_declaration",
)
ARROW = token("->")
COMMA = token(",")


def parts(node: Node) -> list[Node]:
    """The children of a node without comments and what could not be parsed."""
    return [child for child in node.children if child.kind_id not in EXTRAS]


def named(nodes: Iterable[Node]) -> list[Node]:
    """Those that are neither punctuation nor comments nor attributes."""
    return [
        node for node in nodes if node.is_named and node.kind_id not in EXTRAS and node.kind_id != ATTRIBUTE
    ]
