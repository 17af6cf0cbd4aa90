"""Ignore files: which paths a ``.gitignore`` (or a file written like one) names.

The rules are git's (gitignore(5), and wildmatch.c for what the manual leaves open). A pattern is held
against a path itself and not against what lies below it: whoever walks the tree does not enter an
ignored folder, and what a deeper file took back must not be ignored again for its ancestors' sake.
(That, ``[[:digit:]]`` and patterns that git passes over in silence are why this is not pathspec.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

_MAGIC = re.compile(r"[*?\[\\]")
_POSIX_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r"\ \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": r"\x21-\x7e",
    "lower": "a-z",
    "print": r"\x20-\x7e",
    "punct": r"\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}


class _Rule(msgspec.Struct, frozen=True):
    order: int  # the later rule wins
    negated: bool
    folders_only: bool


class IgnoreRules:
    """The rules of one ignore file that stands in the folder ``base`` (``""`` or ``"a/b/"``).

    ``above`` is how the walk's root is called from a file that stands above it (``"sub/root/"``).
    Plain names and ``*.suffix``, which nearly all rules are, need no regular expression.
    """

    def __init__(self, lines: Iterable[str], base: str = "", above: str = "") -> None:
        self._base = len(base)
        self._above = above
        self._names: dict[str, list[_Rule]] = {}
        self._suffixes: dict[str, list[_Rule]] = {}
        self._paths: dict[str, list[_Rule]] = {}
        self._globs: list[tuple[_Rule, bool, re.Pattern[str]]] = []
        for order, line in enumerate(lines):
            self._add(order, line)
        self._endings = tuple(self._suffixes)

    def __bool__(self) -> bool:
        return bool(self._names or self._suffixes or self._paths or self._globs)

    def verdict(self, path: str, name: str, is_folder: bool) -> bool | None:
        """True: ignored; False: taken back by a ``!`` rule; None: no rule is about it."""
        rules = list(self._names.get(name, ()))
        if self._endings and name.endswith(self._endings):
            for suffix, some in self._suffixes.items():
                if name.endswith(suffix):
                    rules += some
        if self._paths or self._globs:
            below = self._above + path[self._base :]
            rules += self._paths.get(below, ())
            rules += [rule for rule, whole, glob in self._globs if glob.match(below if whole else name)]
        decisive = max((r for r in rules if is_folder or not r.folders_only), key=_order, default=None)
        return None if decisive is None else not decisive.negated

    def _add(self, order: int, line: str) -> None:
        pattern = _without_trailing_spaces(line)
        negated = pattern.startswith("!")
        pattern = pattern[negated:]
        if not pattern or (not negated and pattern.startswith("#")):
            return
        folders_only = pattern.endswith("/")
        pattern = pattern[: len(pattern) - folders_only]
        whole = "/" in pattern
        pattern = pattern.removeprefix("/")
        rule = _Rule(order, negated, folders_only)
        if not _MAGIC.search(pattern):
            (self._paths if whole else self._names).setdefault(pattern, []).append(rule)
        elif not whole and pattern[0] == "*" and not _MAGIC.search(pattern, 1):
            self._suffixes.setdefault(pattern[1:], []).append(rule)
        elif (expression := _expression(pattern)) is not None:
            self._globs.append((rule, whole, re.compile(expression, re.DOTALL)))


def read_ignore_file(path: Path, base: str = "", above: str = "") -> IgnoreRules | None:
    """The rules of the file at ``path``; None where it is absent, unreadable or says nothing."""
    try:
        text = path.read_bytes().decode("utf-8-sig", "surrogateescape")
    except OSError:
        return None
    lines = (line.removesuffix("\r") for line in text.split("\n"))
    return IgnoreRules(lines, base, above) or None


def _order(rule: _Rule) -> int:
    return rule.order


def _without_trailing_spaces(line: str) -> str:
    """The line without the spaces at its end, but for one that a backslash keeps."""
    stripped = line.rstrip(" ")
    backslashes = len(stripped) - len(stripped.rstrip("\\"))
    return stripped + " " if backslashes % 2 and len(stripped) < len(line) else stripped


def _expression(pattern: str) -> str | None:
    """The regular expression of a glob; None for one that matches nothing (an open bracket …)."""
    out: list[str] = []
    at = 0
    while at < len(pattern):
        piece, at = _piece(pattern, at)
        if piece is None:
            return None
        out.append(piece)
    return "".join(out) + r"\Z"


def _piece(pattern: str, at: int) -> tuple[str | None, int]:
    """The expression of the element of a glob that starts at ``at``, and where the next one starts."""
    char = pattern[at]
    if char == "*":
        return _stars(pattern, at)
    if char == "?":
        return "[^/]", at + 1
    if char == "[":
        return _bracket(pattern, at)
    if char == "\\":
        return (re.escape(pattern[at + 1]), at + 2) if at + 1 < len(pattern) else (None, at)
    return re.escape(char), at + 1


def _stars(pattern: str, at: int) -> tuple[str, int]:
    """Two stars between slashes cross folders; any other run of stars stays within one."""
    end = at
    while end < len(pattern) and pattern[end] == "*":
        end += 1
    starts = at == 0 or pattern[at - 1] == "/"
    if end - at == 2 and starts:
        if end == len(pattern):
            return ".+" if at else ".*", end
        if pattern[end] == "/":
            return "(?:.*/)?", end + 1
    return "[^/]*", end


def _bracket(pattern: str, at: int) -> tuple[str | None, int]:
    """A set of characters such as ``[a-z]``, ``[!x]``, ``[[:digit:]_]``."""
    at += 1
    negated = pattern[at : at + 1] in ("!", "^")
    at += negated
    first, items = at, []
    while at < len(pattern) and (pattern[at] != "]" or at == first):
        if pattern.startswith("[:", at) and (close := pattern.find(":]", at)) > 0:
            named = _POSIX_CLASSES.get(pattern[at + 2 : close])
            if named is None:
                return None, at
            items.append(named)
            at = close + 2
            continue
        low, at = _character(pattern, at)
        high = low
        if pattern[at : at + 1] == "-" and pattern[at + 1 : at + 2] not in ("]", ""):
            high, at = _character(pattern, at + 1)
        if low <= high:
            items.append(f"{re.escape(low)}-{re.escape(high)}")
    if at >= len(pattern):
        return None, at
    inside = "".join(items)
    if negated:
        return f"[^/{inside}]", at + 1
    return (f"(?!/)[{inside}]" if inside else "(?!)"), at + 1


def _character(pattern: str, at: int) -> tuple[str, int]:
    at += pattern[at] == "\\" and at + 1 < len(pattern)
    return pattern[at], at + 1
