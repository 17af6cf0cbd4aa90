"""The methods of std::ops and std::cmp that Rust's operators call."""

from __future__ import annotations

from isg.parsers import operators as op

# Values whose type is plain to see: an operator on them is no use of anything in the project.
EVIDENT = frozenset({op.UNKNOWN, op.LITERAL, op.LIST, op.TUPLE})

BINARY_METHODS = {
    "+": "add",
    "-": "sub",
    "*": "mul",
    "/": "div",
    "%": "rem",
    "&": "bitand",
    "|": "bitor",
    "^": "bitxor",
    "<<": "shl",
    ">>": "shr",
}
ASSIGNING_METHODS = {f"{sign}=": f"{method}_assign" for sign, method in BINARY_METHODS.items()}
COMPARISON_METHODS = {
    "==": "eq",
    "!=": "eq",
    "<": "partial_cmp",
    "<=": "partial_cmp",
    ">": "partial_cmp",
    ">=": "partial_cmp",
}
UNARY_METHODS = {"-": "neg", "!": "not"}
