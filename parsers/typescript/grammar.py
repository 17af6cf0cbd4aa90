"""The tree-sitter grammars of TypeScript, and how their nodes are read.

JavaScript is read by the grammar of TSX, as the TypeScript compiler itself reads it. The two grammars
number their node kinds differently: readers compare the numbers of TSX, which ``Syntax.kinds`` gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from tree_sitter import Node

from isg.parsers.grammar import ERROR as ERROR
from isg.parsers.grammar import Grammar

TSX = Grammar("tsx")
kind, kinds, token = TSX.kind, TSX.kinds, TSX.token


@dataclass(frozen=True, slots=True)
class Syntax:
    """A grammar, and for its node kinds their numbers in TSX."""

    grammar: Grammar
    kinds: dict[int, int]
    extras: frozenset[int]
    """Comments and what could not be parsed, as the grammar itself numbers them."""


@cache
def syntax_of(language: str) -> Syntax:
    """How files of a language are parsed; only plain TypeScript has no JSX."""
    grammar = Grammar("typescript") if language == "typescript" else TSX
    return Syntax(grammar, TSX.numbers_of(grammar), grammar.kinds("comment", "html_comment", "ERROR"))


IDENTIFIER = kind("identifier")
SHORTHAND = kind("shorthand_property_identifier")
SHORTHAND_PATTERN = kind("shorthand_property_identifier_pattern")
MEMBER = kind("member_expression")
SUBSCRIPT = kind("subscript_expression")
CALL = kind("call_expression")
NEW = kind("new_expression")
PARENTHESIZED = kind("parenthesized_expression")
ARROW = kind("arrow_function")
FUNCTION_EXPRESSION = kind("function_expression")
GENERATOR = kind("generator_function")
CLASS_EXPRESSION = kind("class")
ASSIGNMENT = kind("assignment_expression")
OBJECT = kind("object")
STRING = kind("string")
TEMPLATE = kind("template_string")
SUBSTITUTION = kind("template_substitution")
NUMBER = kind("number")
THIS = kind("this")
SUPER = kind("super")
IMPORT = kind("import")
SPREAD = kind("spread_element")
OPTIONAL_CHAIN = kind("optional_chain")
NON_NULL = kind("non_null_expression")
AS = kind("as_expression")
UNARY = kind("unary_expression")
AWAIT = kind("await_expression")
BINARY = kind("binary_expression")
COMPUTED = kind("computed_property_name")
COMMENT = kind("comment")
DECORATOR = kind("decorator")
BLOCK = kind("statement_block")
PARAMETERS = kind("formal_parameters")
ARGUMENTS = kind("arguments")
TYPE_ARGUMENTS = kind("type_arguments")
TYPE_PARAMETERS = kind("type_parameters")
TYPE_PARAMETER = kind("type_parameter")
TYPE_ANNOTATION = kind("type_annotation")
REQUIRED_PARAMETER = kind("required_parameter")
OPTIONAL_PARAMETER = kind("optional_parameter")
REST = kind("rest_pattern")
OBJECT_PATTERN = kind("object_pattern")
ARRAY_PATTERN = kind("array_pattern")
ASSIGNMENT_PATTERN = kind("assignment_pattern")
OBJECT_ASSIGNMENT_PATTERN = kind("object_assignment_pattern")
PAIR_PATTERN = kind("pair_pattern")
PAIR = kind("pair")
DECLARATOR = kind("variable_declarator")
LEXICAL = kind("lexical_declaration")
VARIABLE = kind("variable_declaration")
FUNCTION = kind("function_declaration")
GENERATOR_FUNCTION = kind("generator_function_declaration")
FUNCTION_SIGNATURE = kind("function_signature")
CLASS = kind("class_declaration")
ABSTRACT_CLASS = kind("abstract_class_declaration")
MODULE = kind("module")
NAMESPACE = kind("internal_module")
EXPORT = kind("export_statement")
IMPORT_STATEMENT = kind("import_statement")
METHOD = kind("method_definition")
METHOD_SIGNATURE = kind("method_signature")
ABSTRACT_METHOD = kind("abstract_method_signature")
FIELD = kind("public_field_definition")
STATIC_BLOCK = kind("class_static_block")
OBJECT_TYPE = kind("object_type")
FUNCTION_TYPE = kind("function_type")
NESTED_IDENTIFIER = kind("nested_identifier")
HERITAGE = kind("class_heritage")
EXTENDS = kind("extends_clause")
IMPLEMENTS = kind("implements_clause")

FUNCTIONS = frozenset({ARROW, FUNCTION_EXPRESSION, GENERATOR})
FUNCTION_DECLARATIONS = frozenset({FUNCTION, GENERATOR_FUNCTION})
PATTERNS = frozenset({OBJECT_PATTERN, ARRAY_PATTERN})


def texts(nodes: list[Node]) -> set[str]:
    """The keywords and punctuation among these nodes."""
    return {node.type for node in nodes if not node.is_named}
