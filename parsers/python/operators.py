"""The operators of terms as plain integers: tuples of those hash faster than tuples of enum members."""

from __future__ import annotations

from isg.parsers.terms import Op

UNKNOWN = Op.UNKNOWN.value
NAME = Op.NAME.value
USE = Op.USE.value
MEMBER = Op.MEMBER.value
CALL = Op.CALL.value
INDEX = Op.INDEX.value
AWAIT = Op.AWAIT.value
ITER = Op.ITER.value
AITER = Op.AITER.value
ENTER = Op.ENTER.value
AENTER = Op.AENTER.value
ITEM = Op.ITEM.value
REST = Op.REST.value
LITERAL = Op.LITERAL.value
STRING = Op.STRING.value
INTEGER = Op.INTEGER.value
LIST = Op.LIST.value
SET = Op.SET.value
DICT = Op.DICT.value
TUPLE = Op.TUPLE.value
GENERATOR = Op.GENERATOR.value
UNION = Op.UNION.value
NARROW = Op.NARROW.value
EXCLUDE = Op.EXCLUDE.value
LAMBDA = Op.LAMBDA.value
SYMBOL = Op.SYMBOL.value
DECORATE = Op.DECORATE.value
OPERATE = Op.OPERATE.value
SUPER = Op.SUPER.value
IMPORTED = Op.IMPORTED.value
PARAMETER = Op.PARAMETER.value
CAUGHT = Op.CAUGHT.value
STAR = Op.STAR.value
SUBTYPE = Op.SUBTYPE.value
COLLECT = Op.COLLECT.value
UNARY = Op.UNARY.value

# Values whose type is plain to see: an operator on them is no use of anything in the project.
EVIDENT = frozenset({UNKNOWN, LITERAL, STRING, INTEGER, LIST, SET, DICT, TUPLE, GENERATOR, COLLECT})

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
