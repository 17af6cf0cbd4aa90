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
ANNOTATION = Op.ANNOTATION.value
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
TYPE_NAME = Op.TYPE_NAME.value
TYPE_MEMBER = Op.TYPE_MEMBER.value
MACRO = Op.MACRO.value
NEW = Op.NEW.value
OBJECT = Op.OBJECT.value
INTERSECTION = Op.INTERSECTION.value
CALLABLE = Op.CALLABLE.value
TYPEOF = Op.TYPEOF.value
TRY = Op.TRY.value
NON_NULL = Op.NON_NULL.value
DEREF = Op.DEREF.value
QUALIFIED = Op.QUALIFIED.value
PAYLOAD = Op.PAYLOAD.value
RECEIVER = Op.RECEIVER.value
EXPECTED = Op.EXPECTED.value
CONDITIONAL = Op.CONDITIONAL.value
MAPPED = Op.MAPPED.value
KEYS = Op.KEYS.value
GUARDED = Op.GUARDED.value
REJOINED = Op.REJOINED.value
