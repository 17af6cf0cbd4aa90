"""Path expressions: what an expression of the source may denote, as a tiny term.

A term is a tuple ``(op, *operands)``. Terms of one file stand once each in the table
``FileFacts.terms`` (they are hash-consed), and refer to each other by their index there, so that a
linker can memoise by index. Term 0 is always ``(UNKNOWN,)``. All languages share these operators; a
language module only says how its syntax becomes terms.

In the operand lists below, *t* is the index of a term, *b* of a binding, *s* of a scope, *y* of a
symbol, *g* of a signature, *i* of an import, *n* a small integer and *name* a string.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from typing import Any, TypeAlias

Term: TypeAlias = tuple[Any, ...]  # of int and str; which of them is where, the operator says


class Op(IntEnum):
    """The operators of terms; the comment on each line gives its operands."""

    UNKNOWN = 0  # (): nothing is known
    NAME = 1  # (s, name): a name looked up from scope s (or BEFORE_MODULE) outwards, by the language's rules
    USE = 2  # (b…): a local read, the union of the bindings that reach it
    MEMBER = 3  # (t, name): t.name
    CALL = 4  # (t, n, t × n, then name, t pairs): call with n positional, then keyword arguments
    INDEX = 5  # (t, t): a subscript
    AWAIT = 6  # (t): what awaiting t gives
    ITER = 7  # (t): an element of iterating t
    AITER = 8  # (t): an element of asynchronously iterating t
    ENTER = 9  # (t): what entering the context manager t gives
    AENTER = 10  # (t): the same for an asynchronous context manager
    ITEM = 11  # (t, n): element n of unpacking t; negative: counted from the end
    REST = 12  # (t): the list that a starred target takes from unpacking t
    LITERAL = 13  # (name): an instance of the language's built-in type of that name ("str", "int" …)
    STRING = 14  # (name): a short string literal, its value
    INTEGER = 15  # (n): a small integer literal, its value
    LIST = 16  # (t…): a list display with these element terms
    SET = 17  # (t…): a set display
    DICT = 18  # (t, t …): a dict display, key and value in turn; key 0: `**value`
    TUPLE = 19  # (t…): a tuple display
    GENERATOR = 20  # (t): a generator yielding t
    UNION = 21  # (t…): one of these (`a or b`, `x if c else y`)
    NARROW = 22  # (t, t): the first, known to be an instance of the second (a class or tuple of them)
    EXCLUDE = 23  # (t, t): the first, known not to be an instance of the second
    ANNOTATION = 24  # (t): an instance of what the type expression t denotes
    LAMBDA = 25  # (g): an anonymous function
    SYMBOL = 26  # (y): the function, class … that this file defines, before decoration
    DECORATE = 27  # (t, t): decorator, decorated
    OPERATE = 28  # (name, t, t): a binary operator by its method's name ("__add__"), left, right
    SUPER = 29  # (y, b): the proxy for the bases of class y, in a method whose first parameter is b
    IMPORTED = 30  # (i): what the import statement i binds
    PARAMETER = 31  # (g, n): parameter n of signature g, inside its body
    CAUGHT = 32  # (t): the exception that `except t as e` binds
    STAR = 33  # (t): `*t` as a positional argument or in a display
    SUBTYPE = 34  # (t, t): the first, a class known to be a subclass of the second (`issubclass`)
    COLLECT = 35  # (t): a list with elements t (a comprehension)
    UNARY = 36  # (name, t): a unary operator by its method's name ("__neg__")
    TYPE_NAME = 37  # (s, name): a name in a type position, where types and values have names of their own
    TYPE_MEMBER = 38  # (t, name): a name inside a module, namespace or type, in a type position
    MACRO = 39  # (s, name): a macro looked up from scope s
    NEW = 40  # like CALL: `new t(…)`, a struct literal: an instance of the class t
    OBJECT = 41  # (name, t, …): an object literal or object type; the name "..." spreads its term, DECLARING
    # before all others has a LITERAL with the number of the scope where its members are declared
    INTERSECTION = 42  # (t…): all of these types at once (`A & B`, bounds `A + B`)
    CALLABLE = 43  # (g): the type of functions with this signature
    TYPEOF = 44  # (t): in a type position, the type of the value t
    TRY = 45  # (t): what `t?` gives
    NON_NULL = 46  # (t): t, known not to be null
    DEREF = 47  # (t): what the pointer t points to
    QUALIFIED = 48  # (t, t, name): the member of the first type that the second, a trait, asks for
    PAYLOAD = 49  # (t, t, name): field name ("0": the first by position) of value t matched by pattern t
    RECEIVER = 50  # (y): the object that a method of the class or object literal y is called on (`this`)
    EXPECTED = 51  # (t, n or name): the type that the callee of call t asks of argument n, or of that name
    CONDITIONAL = 52  # (t, t, t, t): `A extends B ? C : D`, a type that depends on types
    MAPPED = 53  # (t, t): a type with the keys of the first and values of the second
    KEYS = 54  # (t): the names of a type's members (`keyof t`)
    GUARDED = 55  # (t): the type that call t, where it is true, says its first argument is of
    REJOINED = 56  # (t): what t, known by a test on one of the ways here, is of, where else nothing is known


DECLARING = "{}"
BEFORE_MODULE = -1  # the scope of a name read by the module itself before it binds it: the built-in one


_OPERANDS: dict[int, str] = {
    Op.NAME: "s=",
    Op.USE: "b*",
    Op.MEMBER: "t=",
    Op.ITEM: "t=",
    Op.LITERAL: "=",
    Op.STRING: "=",
    Op.INTEGER: "=",
    Op.LAMBDA: "g",
    Op.SYMBOL: "y",
    Op.OPERATE: "=tt",
    Op.UNARY: "=t",
    Op.SUPER: "yb",
    Op.IMPORTED: "i",
    Op.PARAMETER: "g=",
    Op.EXPECTED: "t=",
}
"""What the operands of Python's operators are, by the letters above, where they are not all terms; "=" stands
for names and small integers."""


def operands(term: Term) -> Iterator[tuple[str, int | str]]:
    """Each operand of a term of a Python file, and which table it is an index of: the letters above.

    It is "=" for names and integers that mean themselves.
    """
    if term[0] == Op.CALL:
        keywords = 3 + int(term[2])
        kinds = "".join(("t=", "t" * (keywords - 3), "=t" * ((len(term) - keywords) // 2)))
    else:
        kinds = _OPERANDS.get(int(term[0]), "t*")
        if kinds.endswith("*"):
            kinds = kinds[0] * (len(term) - 1)
    return zip(kinds, term[1:], strict=True)
