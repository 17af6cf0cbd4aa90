"""The operators of terms as plain integers: tuples of those hash faster than tuples of enum members."""

from __future__ import annotations

from isg.parsers.terms import Op

NAME = Op.NAME.value
USE = Op.USE.value
MEMBER = Op.MEMBER.value
CALL = Op.CALL.value
INDEX = Op.INDEX.value
AWAIT = Op.AWAIT.value
ITER = Op.ITER.value
ITEM = Op.ITEM.value
REST = Op.REST.value
LITERAL = Op.LITERAL.value
LIST = Op.LIST.value
TUPLE = Op.TUPLE.value
UNION = Op.UNION.value
ANNOTATION = Op.ANNOTATION.value
LAMBDA = Op.LAMBDA.value
SYMBOL = Op.SYMBOL.value
OPERATE = Op.OPERATE.value
UNARY = Op.UNARY.value
IMPORTED = Op.IMPORTED.value
PARAMETER = Op.PARAMETER.value
TYPE_NAME = Op.TYPE_NAME.value
TYPE_MEMBER = Op.TYPE_MEMBER.value
MACRO = Op.MACRO.value
NEW = Op.NEW.value
OBJECT = Op.OBJECT.value
INTERSECTION = Op.INTERSECTION.value
CALLABLE = Op.CALLABLE.value
TRY = Op.TRY.value
DEREF = Op.DEREF.value
QUALIFIED = Op.QUALIFIED.value
PAYLOAD = Op.PAYLOAD.value
EXPECTED = Op.EXPECTED.value

# Values whose type is plain to see: an operator on them is no use of anything in the project.
EVIDENT = frozenset({Op.UNKNOWN.value, LITERAL, LIST, TUPLE})

# the methods of std::ops and std::cmp that operators call
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
