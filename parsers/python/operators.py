"""The methods that Python's operators call."""

from __future__ import annotations

from isg.parsers import operators as op

# Values whose type is plain to see: an operator on them is no use of anything in the project.
EVIDENT = frozenset(
    {
        op.UNKNOWN,
        op.LITERAL,
        op.STRING,
        op.INTEGER,
        op.LIST,
        op.SET,
        op.DICT,
        op.TUPLE,
        op.GENERATOR,
        op.COLLECT,
    }
)

# The types of literals: the first terms of every file, at these places.
LITERAL_TYPES = ("bool", "str", "bytes", "float", "complex", "int", "None", "ellipsis")
BOOL, STR, BYTES, FLOAT, COMPLEX, INT, NONE, ELLIPSIS = range(1, 9)

BINARY_METHODS = {
    "+": "__add__",
    "-": "__sub__",
    "*": "__mul__",
    "/": "__truediv__",
    "//": "__floordiv__",
    "%": "__mod__",
    "**": "__pow__",
    "@": "__matmul__",
    "<<": "__lshift__",
    ">>": "__rshift__",
    "&": "__and__",
    "|": "__or__",
    "^": "__xor__",
}
AUGMENTED_METHODS = {f"{sign}=": f"__i{method[2:]}" for sign, method in BINARY_METHODS.items()}
COMPARISON_METHODS = {
    "<": "__lt__",
    "<=": "__le__",
    "==": "__eq__",
    "!=": "__ne__",
    "<>": "__ne__",
    ">": "__gt__",
    ">=": "__ge__",
    "in": "__contains__",
    "not in": "__contains__",
}
UNARY_METHODS = {"-": "__neg__", "+": "__pos__", "~": "__invert__"}
