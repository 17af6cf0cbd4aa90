"""How far the fragments of a macro's input reach (Rust reference, "Macros By Example", "Metavariables").

A fragment is taken whole or not at all; what may follow it is limited so that its end is found without
parsing it: the rules of the reference's section "Follow-set Ambiguity Restrictions".
"""

from __future__ import annotations

from isg.parsers.rust.effort import Effort
from isg.parsers.rust.lexing import TokenKind, Tokens

NONE = -1
_BEFORE_TYPES = frozenset({"&", "&&", "*", "mut", "const", "dyn", "impl", "?", "unsafe", "extern"})
_BEFORE_TYPES_TOO = frozenset({TokenKind.LIFETIME, TokenKind.LITERAL})  # `extern "C"`
_BETWEEN_TYPES = frozenset({"+", "->"})
_ENDS = {
    "expr": frozenset({"=>", ",", ";"}),
    "pat": frozenset({"=>", ",", "=", "if", "in"}),
    "pat_param": frozenset({"=>", ",", "=", "|", "if", "in"}),
}
_ALIKE = {"expr_2021": "expr"}
_RESTRICTIONS = frozenset({"crate", "self", "super", "in"})
_TO_SEMICOLON = frozenset({"const", "static", "type", "use"})
_BEFORE_ITEMS = frozenset({"unsafe", "async", "extern", "default"})
_BOOLEANS = frozenset({"true", "false"})


class Fragments:
    """Finds the ends of fragments among some tokens; each method gives NONE where there is no such fragment.

    Each looks at no token twice, and raises Spent where that is too many.
    """

    def __init__(self, tokens: Tokens, effort: Effort) -> None:
        self._effort = effort
        self._each = tokens.each
        self._closing = tokens.closing

    def end(self, fragment: str, at: int, end: int) -> int:
        """The token behind the fragment that begins here."""
        fragment = _ALIKE.get(fragment, fragment)
        if fragment == "vis":
            return self._visibility(at, end)
        if at >= end:
            return NONE
        if fragment in _ENDS:
            return self._until(_ENDS[fragment], at, end)
        token = self._each[at]
        if fragment == "tt":
            return self._closing.get(at, at) + 1
        if fragment == "ident":
            return at + 1 if token.kind is TokenKind.WORD and token.text != "_" else NONE
        if fragment == "lifetime":
            return at + 1 if token.kind is TokenKind.LIFETIME else NONE
        if fragment == "block":
            return self._closing[at] + 1 if token.text == "{" else NONE
        if fragment == "literal":
            return self._literal(at, end)
        if fragment == "ty":
            return self._type(at, end)
        if fragment == "path":
            return self._path(at, end)
        if fragment == "meta":
            return self._meta(at, end)
        return self._item(at, end) if fragment == "item" else NONE

    def _text(self, at: int, end: int) -> str:
        return self._each[at].text if at < end else ""

    def _visibility(self, at: int, end: int) -> int:
        if self._text(at, end) != "pub":
            return at
        if self._text(at + 1, end) == "(" and self._text(at + 2, end) in _RESTRICTIONS:
            return self._closing[at + 1] + 1
        return at + 1

    def _literal(self, at: int, end: int) -> int:
        if self._text(at, end) == "-":
            at += 1
        if at >= end:
            return NONE
        token = self._each[at]
        return at + 1 if token.kind is TokenKind.LITERAL or token.text in _BOOLEANS else NONE

    def _until(self, ends: frozenset[str], at: int, end: int) -> int:
        """Behind what is there before one of these tokens, brackets skipped."""
        first = at
        while at < end and self._each[at].text not in ends:
            self._effort.spend(1)
            if self._each[at].text == "::" and self._text(at + 1, end) == "<":
                at = self._angles(at + 1, end)
                if at == NONE:
                    return NONE
            else:
                at = self._closing.get(at, at) + 1
        return at if at > first else NONE

    def _angles(self, at: int, end: int) -> int:
        """Behind generic arguments, from their `<`."""
        depth = 0
        while at < end:
            self._effort.spend(1)
            text = self._each[at].text
            depth += (text == "<") - (text == ">") + 2 * (text == "<<")
            at = self._closing.get(at, at) + 1
            if depth <= 0:
                return at
        return NONE

    def _type(self, at: int, end: int) -> int:
        """Behind a type, its further bounds, and what it returns where it is one of functions."""
        while True:
            at = self._before_type(at, end)
            at = self._bare_type(at, end) if NONE < at < end else NONE
            if at == NONE or self._text(at, end) not in _BETWEEN_TYPES:
                return at
            at += 1

    def _before_type(self, at: int, end: int) -> int:
        """Behind references, pointers, lifetimes and `for<…>`."""
        while NONE < at < end:
            self._effort.spend(1)
            token = self._each[at]
            if token.text == "for" and self._text(at + 1, end) == "<":
                at = self._angles(at + 1, end)
            elif token.text in _BEFORE_TYPES or token.kind in _BEFORE_TYPES_TOO:
                at += 1
            else:
                break
        return at

    def _bare_type(self, at: int, end: int) -> int:
        text = self._text(at, end)
        if text in ("(", "["):
            return self._closing[at] + 1
        if text in ("!", "_"):
            return at + 1
        at = self._path(at, end)
        if at != NONE and self._text(at, end) == "!" and at + 1 in self._closing:
            return self._closing[at + 1] + 1
        return at

    def _path(self, at: int, end: int) -> int:
        """`::a::b<C>::D`, `<A as B>::C`, `Fn(A)`"""
        if self._each[at].kind is TokenKind.WORD:
            at += 1
        elif self._each[at].text not in ("<", "::"):
            return NONE
        while NONE < at < end:
            self._effort.spend(1)
            text = self._each[at].text
            if text == "<":
                at = self._angles(at, end)
            elif text == "::":
                at += 2 if at + 1 < end and self._each[at + 1].kind is TokenKind.WORD else 1
            elif text == "(":
                return self._closing[at] + 1
            else:
                break
        return at

    def _meta(self, at: int, end: int) -> int:
        at = self._path(at, end)
        if at == NONE or at >= end:
            return at
        if self._each[at].text == "=":
            return self._until(_ENDS["expr"], at + 1, end)
        return self._closing.get(at, at - 1) + 1

    def _item(self, at: int, end: int) -> int:
        """Behind a `;`, or brackets that end an item."""
        while self._text(at, end) == "#" and at + 1 in self._closing:
            self._effort.spend(1)
            at = self._closing[at + 1] + 1
        at = self._visibility(at, end)
        while self._text(at, end) in _BEFORE_ITEMS:
            at += 1
        plain = self._text(at, end) in _TO_SEMICOLON and self._text(at + 1, end) != "fn"
        while at < end:
            self._effort.spend(1)
            text = self._each[at].text
            at = self._closing.get(at, at) + 1
            if text == ";" or (text == "{" and not plain):
                return at
        return NONE
