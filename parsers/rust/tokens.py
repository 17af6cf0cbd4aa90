"""Token trees, parsed again as what they look like.

What a macro makes of its tokens is not known here; but most take expressions, and many take items. Parsing
what is neither costs much more than parsing what is, so the tokens are looked at first.
"""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers.rust.grammar import (
    ATTRIBUTE,
    COMMA,
    COMMENTS,
    EXPRESSION_STATEMENT,
    IDENTIFIER,
    INNER_ATTRIBUTE,
    ITEMS,
    MACRO_INVOCATION,
    TOKEN_TREE,
    kind,
    kinds,
    token,
)
from isg.parsers.rust.source import Source

MAX_NESTING = 8  # macros in macros that are parsed again
MAX_EXPRESSIONS = 1 << 16  # bytes of a token tree that is parsed as expressions
_MAX_ITEMS = 1 << 20  # as items
_LITERALS = kinds(
    "integer_literal", "float_literal", "string_literal", "raw_string_literal", "char_literal"
) | kinds("boolean_literal")
ATOMS = _LITERALS | {IDENTIFIER}
_OPERANDS = ATOMS | {kind("primitive_type")}
_EMPTY = kind("empty_statement")
REPETITION = kind("token_repetition")
SEPARATORS = frozenset({token(","), token(";"), token("=>")})
HASH = token("#")
_BANG = token("!")
_ITEM_WORDS = frozenset(
    token(word) for word in ("fn", "pub", "struct", "enum", "impl", "trait", "mod", "use", "static", "type")
)
_ITEM_STARTS = _ITEM_WORDS | {token(word) for word in ("const", "unsafe", "async", "extern")}
_BRANCHING = frozenset({"else", ":"})
_BEFORE_ITEMS = COMMENTS | {ATTRIBUTE, INNER_ATTRIBUTE}


def as_expression(source: Source, tokens: list[Node]) -> Node | None:
    """The expression that these tokens are, or None."""
    if not _may_be_expression(source, tokens):
        return None
    root = source.expression(tokens[0], tokens[-1]).root_node
    statements = [each for each in root.children if each.kind_id != _EMPTY]  # the `;` behind a block
    if root.has_error or len(statements) != 1 or statements[0].kind_id != EXPRESSION_STATEMENT:
        return None
    return statements[0].children[0]


def _may_be_expression(source: Source, tokens: list[Node]) -> bool:
    """No operand follows an operand, and nothing is repeated or begins as an item does."""
    inner, is_block = tokens, False
    if len(tokens) == 1 and tokens[0].kind_id == TOKEN_TREE:
        inner = tokens[0].children[1:-1]
        is_block = source.text[tokens[0].start_byte] == "{"
    if any(each.kind_id in _ITEM_WORDS for each in inner[:1]):
        return False
    after_operand = False
    for each in inner:
        kind_id = each.kind_id
        if kind_id in _OPERANDS:
            if after_operand:
                return False
            after_operand = True
        elif kind_id == TOKEN_TREE:
            after_operand = source.text[each.start_byte] == "("
        elif kind_id == REPETITION or (is_block and kind_id == COMMA):
            return False
        else:
            after_operand = False
    return True


def as_items(source: Source, tree: Node) -> list[Node]:
    """The items that the tokens between the brackets are; none where they are anything else.

    What a macro repeats, `$(#[$doc])*`, is left out: it may be there no time.
    """
    runs = _runs(tree.children[1:-1])
    if not runs or not _may_be_items(runs[0]) or tree.end_byte - tree.start_byte > _MAX_ITEMS:
        return []
    root = source.items(*runs).root_node
    held = [each for each in root.children if each.kind_id not in _BEFORE_ITEMS]
    if root.has_error or not held or not all(map(_is_item, held)):
        return []
    return root.children


def _runs(tokens: list[Node]) -> list[list[Node]]:
    """The tokens between repetitions."""
    runs: list[list[Node]] = [[]]
    for each in tokens:
        if each.kind_id == REPETITION:
            runs.append([])
        else:
            runs[-1].append(each)
    return [run for run in runs if run]


def item_branches(source: Source, tree: Node) -> list[Node]:
    """The items of `if #[cfg(a)] { … } else { … }` or `stable: { … }`, all branches of it, or none."""
    found: list[Node] = []
    before: Node | None = None
    for each in tree.children:
        if each.kind_id == TOKEN_TREE and before is not None and source.text[each.start_byte] == "{":
            is_attribute = before.kind_id == TOKEN_TREE and source.text[before.start_byte] == "["
            if is_attribute or source.text[before.start_byte : before.end_byte] in _BRANCHING:
                found += as_items(source, each)
        before = each
    return found


def _may_be_items(tokens: list[Node]) -> bool:
    """Whether the first token but comments begins an item, an attribute or a macro."""
    bare = [each for each in tokens if each.kind_id not in COMMENTS]
    if len(bare) < 2:
        return False
    first = bare[0].kind_id
    return (
        first in _ITEM_STARTS
        or first == HASH
        or (first == IDENTIFIER and (bare[1].kind_id == _BANG or bare[1].kind_id == IDENTIFIER))
    )


def begins_item(tree: Node) -> bool:
    """Whether what a macro is given begins like an item, and like nothing else."""
    tokens = (each for each in tree.children[1:-1] if each.kind_id not in COMMENTS)
    first = next(tokens, None)
    return first is not None and first.kind_id in _ITEM_WORDS


def _is_item(node: Node) -> bool:
    if node.kind_id == EXPRESSION_STATEMENT:
        node = node.children[0]
    return node.kind_id in ITEMS or node.kind_id == MACRO_INVOCATION


def split(tokens: list[Node]) -> list[list[Node]]:
    """The tokens between separators; comments and attributes are none."""
    pieces: list[list[Node]] = [[]]
    before = 0
    for each in tokens:
        is_attribute = before == HASH and each.kind_id == TOKEN_TREE
        before = each.kind_id
        if is_attribute:
            pieces[-1].pop()
        elif each.kind_id in SEPARATORS:
            pieces.append([])
        elif each.kind_id not in COMMENTS:
            pieces[-1].append(each)
    return [piece for piece in pieces if piece]
