"""JSDoc that declares types: the tags of the comments of a JavaScript file, with the nodes of their types.

Rules: the TypeScript handbook, "JSDoc Reference". Types are written in the syntax of TypeScript; what is no
TypeScript in them (``*``, ``T=``, ``!T``, ``...T``, ``Array.<T>``) is read as the compiler reads it.

The types of a file are parsed together. A copy of the source has ``type A=T;`` in the place of ``@tag {T}``,
and the parser sees nothing else of it: every byte keeps its place, so nodes stand where the types do.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from tree_sitter import Node, Range

from isg.parsers.grammar import Effort, Grammar, TooBroken
from isg.parsers.typescript.grammar import kind

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMENT = re.compile(rb"/\*\*(?!/)(.*?)\*/", re.DOTALL)
_TAG = re.compile(
    rb"@(param|arg|argument|returns?|type|this|template|typedef|callback|prop|property|import|extends|augments)"
    rb"\b[ \t]*"
)
_SPACE = re.compile(rb"\s*")
_NAME = re.compile(rb"[\s*]*(\[?)[ \t]*((?:[A-Za-z_$][\w$]*)(?:\.[\w$]+|\[\])*)")
_NAMES = re.compile(rb"[ \t]*([A-Za-z_$][\w$]*)(?:[ \t]*,)?")
_LINE_END = re.compile(rb"\n")
_LINE_STAR = re.compile(rb"\n[ \t]*\*")
_PREDICATE = re.compile(rb"\s*(asserts\s+)?([A-Za-z_$][\w$]*|this)(\s+is\b|\s*$)")
_FROM = re.compile(rb"from\s*(?:\*\s*)?(\"[^\"\n]*\"|'[^'\n]*')")
_ALIAS = b"type A="
_MODULE = re.compile(rb"\bimport\([ \t]*(\"[^\"\n]*\"|'[^'\n]*')[ \t]*\)")
_ALIASED, _IMPORT = kind("type_alias_declaration"), kind("import_statement")
_MAX_ALONE = 1000  # types of a file that are parsed again, each alone
_SYNONYMS = {
    b"arg": "param", b"argument": "param", b"return": "returns", b"prop": "property", b"augments": "extends",
}  # fmt: skip
_UNTYPED = frozenset({b"*", b"?", b"any", b"Object", b"object", b""})
_NAMED = frozenset({"param", "property", "typedef", "callback"})


@dataclass(slots=True)
class Tag:
    """One tag: its kind, its type if one is written, and the name that it is about."""

    kind: str
    start: int  # the byte of its name, else of the tag itself
    name: str = ""
    type: Node | None = None
    is_rest: bool = False
    subject: str = ""  # of ``{subject is T}``


@dataclass
class Comment:
    """The tags of one comment."""

    start: int
    tags: list[Tag] = field(default_factory=list)

    @cached_property
    def parameters(self) -> list[Tag]:
        """``@param x``, in order, without what describes parts of one."""
        return [tag for tag in self.all("param") if "." not in tag.name and "[" not in tag.name]

    @cached_property
    def parameter(self) -> dict[str, Tag]:
        """The first of them for each name."""
        return {tag.name: tag for tag in reversed(self.parameters)}

    @cached_property
    def parts(self) -> dict[str, list[Tag]]:
        """``@param x.y``, by what stands before the first dot."""
        found: dict[str, list[Tag]] = {}
        for tag in self.all("param"):
            whole, dot, _ = tag.name.partition(".")
            if dot:
                found.setdefault(whole, []).append(tag)
        return found

    def first(self, kind: str) -> Tag | None:
        return next((tag for tag in self.tags if tag.kind == kind), None)

    def all(self, kind: str) -> list[Tag]:
        return [tag for tag in self.tags if tag.kind == kind]


@dataclass(slots=True)
class Jsdoc:
    """What the comments of a file declare."""

    comments: dict[int, Comment]  # by the byte where what they are about begins
    imports: list[Node]  # of ``@import``
    modules: dict[int, str]  # of ``import("m")``, which stands in types as a plain name, by its first byte
    lines: list[int]  # the first byte of each line of the file

    def line(self, byte: int) -> int:
        """The line, from 1, that a byte of the file stands on."""
        return bisect_right(self.lines, byte)

    def naming(self) -> Iterator[tuple[Comment, Tag]]:
        """The types that are given a name."""
        for comment in self.comments.values():
            for tag in comment.tags:
                if tag.kind in ("typedef", "callback") and tag.name:
                    yield comment, tag


def jsdoc_of(source: bytes, root: Node, grammar: Grammar) -> Jsdoc | None:
    """The JSDoc of a source that is parsed; None where none declares a type."""
    if b"/**" not in source or _TAG.search(source) is None:
        return None
    finder = _Finder(source, root)
    found = [each for each in map(finder.comment, _COMMENT.finditer(source)) if each is not None]
    if not found:
        return None
    types, imports = finder.parsed(grammar)
    comments: dict[int, Comment] = {}
    for end, comment in found:
        for tag in comment.tags:
            tag.type = types.get(finder.types.get(id(tag), -1))
        at = _SPACE.match(source, end)
        anchor = at.end() if at is not None else end
        while anchor in comments:  # nothing follows: it is about nothing, yet may name types
            anchor += 1
        comments[anchor] = comment
    lines = [0, *(each.end() for each in _LINE_END.finditer(source))]
    return Jsdoc(comments, imports, finder.modules, lines)


class _Finder:
    """Finds tags, and writes their types into the copy that is parsed."""

    def __init__(self, source: bytes, root: Node) -> None:
        self._source = source
        self._root = root
        self._copy = bytearray(source)
        self._spans: list[tuple[int, int]] = []
        self.types: dict[int, int] = {}  # of tags, by identity: where the alias of their type begins
        self.modules: dict[int, str] = {}

    def comment(self, found: re.Match[bytes]) -> tuple[int, Comment] | None:
        tags = list(self._tags(found.start(1), found.end(1)))
        if not tags:
            return None
        node = self._root.descendant_for_byte_range(found.start(), found.start() + 1)
        if node is None or node.type != "comment":
            return None  # in a string
        return found.end(), Comment(found.start(), tags)

    def _tags(self, start: int, end: int) -> Iterator[Tag]:
        at = start
        while (found := _TAG.search(self._source, at, end)) is not None:
            at = found.end()
            word = found[1]
            kind_ = _SYNONYMS.get(word) or word.decode()
            if kind_ == "import":
                self._import(found.start() + 1, at, end)
                yield Tag(kind_, found.start())
                continue
            tag = Tag(kind_, found.start())
            if self._source[at : at + 1] == b"{":
                at = self._type(tag, at, end)
            if kind_ == "template":
                yield from self._templates(tag, at, end)
            else:
                if kind_ in _NAMED:
                    at = self._name(tag, at, end)
                yield tag

    def _type(self, tag: Tag, brace: int, end: int) -> int:
        """Write the type between braces into the copy; the byte behind them."""
        close = _closing(self._source, brace, end)
        if close < 0:
            return brace + 1
        text = self._source[brace + 1 : close]
        predicate = _PREDICATE.match(text) if tag.kind == "returns" else None
        hidden = 0
        if predicate is not None and (predicate[1] or predicate[3].strip()):
            tag.subject, hidden = predicate[2].decode(), predicate.end()
        written = _plain(b" " * hidden + text[hidden:])
        tag.is_rest = text.lstrip().startswith(b"...")
        begin = brace + 1 - len(_ALIAS)
        if written.strip() not in _UNTYPED and self._is_free(begin):
            self.types[id(tag)] = begin
            self._write(begin, _ALIAS + self._without_modules(written, brace + 1) + b";")
        return close + 1

    def _name(self, tag: Tag, at: int, end: int) -> int:
        found = _NAME.match(self._source, at, end)
        if found is None:
            return at
        tag.name, tag.start = found[2].decode(), found.start(2)
        return found.end()

    def _templates(self, tag: Tag, at: int, end: int) -> Iterator[Tag]:
        """``@template {Bound} T, U``: the bound is that of the first."""
        while (found := _NAMES.match(self._source, at, end)) is not None:
            tag.name, tag.start = found[1].decode(), found.start(1)
            yield tag
            if not found[0].rstrip().endswith(b","):
                return
            at = found.end()
            tag = Tag("template", at)

    def _import(self, start: int, at: int, end: int) -> None:
        """``@import {A} from "m"``"""
        behind = _TAG.search(self._source, at, end)
        close = _FROM.search(self._source, at, end if behind is None else behind.start())
        if close is not None and self._is_free(start):
            self._write(start, _plain(self._source[start : close.end()]) + b";")

    def _without_modules(self, type: bytes, start: int) -> bytes:
        """A type with plain names in the place of ``import("m")``."""
        for each in _MODULE.finditer(type):
            self.modules[start + each.start()] = each[1][1:-1].decode()
        return _MODULE.sub(lambda each: re.sub(rb"[^A-Za-z]", b"_", each[0]), type)

    def _is_free(self, start: int) -> bool:
        """Whether what was written last ends before a place."""
        return not self._spans or self._spans[-1][1] <= start

    def _write(self, start: int, text: bytes) -> None:
        self._copy[start : start + len(text)] = text
        self._spans.append((start, start + len(text)))

    def parsed(self, grammar: Grammar) -> tuple[dict[int, Node], list[Node]]:
        """The types in the copy by the byte where their aliases begin, and the imports."""
        copy = bytes(self._copy)
        types, imports = _statements(copy, self._spans, grammar)
        if len(types) + len(imports) < len(self._spans):  # one that is no type may spoil those behind it
            known = types.keys() | {node.start_byte for node in imports}
            for span in [span for span in self._spans if span[0] not in known][:_MAX_ALONE]:
                alone = _statements(copy, [span], grammar)
                types.update(alone[0])
                imports += alone[1]
        return types, imports


def _statements(
    source: bytes, spans: list[tuple[int, int]], grammar: Grammar
) -> tuple[dict[int, Node], list[Node]]:
    """The types and imports that stand in parts of a source, without those that cannot be parsed."""
    types: dict[int, Node] = {}
    imports: list[Node] = []
    try:
        tree = Effort(len(source)).parse(grammar.fragment_parser(*_ranges(source, spans)), source)
    except TooBroken:
        return types, imports
    for node in tree.root_node.children:
        if node.has_error:
            continue
        if node.kind_id == _ALIASED:
            types[node.start_byte] = node.named_children[-1]
        elif node.kind_id == _IMPORT:
            imports.append(node)
    return types, imports


def _ranges(source: bytes, spans: list[tuple[int, int]]) -> Iterator[Range]:
    row = before = 0
    for start, end in spans:
        first = row + source.count(b"\n", before, start)
        row, before = first + source.count(b"\n", start, end), end
        yield Range((first, _column(source, start)), (row, _column(source, end)), start, end)


def _column(source: bytes, at: int) -> int:
    return at - source.rfind(b"\n", 0, at) - 1


def _plain(type: bytes) -> bytes:
    """A type without what is not TypeScript in it; every byte keeps its place."""
    type = _LINE_STAR.sub(lambda each: b"\n" + b" " * (len(each[0]) - 1), type)
    type = type.replace(b".<", b" <")
    stripped = type.strip()
    if stripped.startswith((b"!", b"...")):
        dots = b"..." if stripped.startswith(b"...") else b"!"
        type = type.replace(dots, b" " * len(dots), 1)
    if stripped.endswith(b"="):
        cut = type.rindex(b"=")
        type = type[:cut] + b" " + type[cut + 1 :]
    return type


def _closing(source: bytes, brace: int, end: int) -> int:
    """The brace that closes this one; -1 where none does."""
    depth = 0
    for at in range(brace, end):
        byte = source[at]
        if byte == 0x7B:
            depth += 1
        elif byte == 0x7D:
            depth -= 1
            if depth == 0:
                return at
    return -1
