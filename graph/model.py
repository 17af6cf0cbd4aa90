"""The Interface Signature Graph: symbols, edges, references and how sure we are of them.

Everything here is plain frozen data in the terms of the field; it knows neither files on disk nor tables.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum

import msgspec
from blake3 import blake3


class SymbolKind(StrEnum):
    __hash__ = str.__hash__

    PACKAGE = "package"
    MODULE = "module"
    CLASS = "class"
    STRUCT = "struct"
    ENUM = "enum"
    UNION = "union"
    INTERFACE = "interface"
    TRAIT = "trait"
    PROTOCOL = "protocol"
    TYPE_ALIAS = "type_alias"
    NAMESPACE = "namespace"
    FUNCTION = "function"
    METHOD = "method"
    CONSTRUCTOR = "constructor"
    PROPERTY = "property"
    FIELD = "field"
    CONSTANT = "constant"
    VARIABLE = "variable"
    MACRO = "macro"
    IMPL_BLOCK = "impl"
    EXTERNAL = "external"


TYPE_KINDS = frozenset(
    {
        SymbolKind.CLASS,
        SymbolKind.STRUCT,
        SymbolKind.ENUM,
        SymbolKind.UNION,
        SymbolKind.INTERFACE,
        SymbolKind.TRAIT,
        SymbolKind.PROTOCOL,
    }
)
CALLABLE_KINDS = frozenset(
    {SymbolKind.FUNCTION, SymbolKind.METHOD, SymbolKind.CONSTRUCTOR, SymbolKind.PROPERTY, SymbolKind.MACRO}
)


class EdgeKind(StrEnum):
    __hash__ = str.__hash__  # the one of Enum runs Python code, and edges are keyed by their kind

    CONTAINS = "CONTAINS"
    DEFINES = "DEFINES"
    CALLS = "CALLS"
    USES = "USES"
    IMPL = "IMPL"
    OVERRIDES = "OVERRIDES"
    IMPORTS = "IMPORTS"


class How(StrEnum):
    """The finer kind of an edge; NONE is written ``null`` in any output."""

    __hash__ = str.__hash__

    NONE = ""
    # CALLS
    CONSTRUCT = "construct"  # a call of a class runs this constructor
    IMPLICIT = "implicit"  # operators, with, for, await
    CALLBACK = "callback"  # through a variable or parameter that holds the function
    # USES
    READ = "read"
    WRITE = "write"
    TYPE = "type"
    DECORATES = "decorates"
    # IMPL
    EXTENDS = "extends"
    IMPLEMENTS = "implements"
    EMBEDS = "embeds"
    STRUCTURAL = "structural"
    # IMPORTS: when it runs
    TYPE_ONLY = "type-only"
    LAZY = "lazy"


class Confidence(IntEnum):
    """How sure an edge is, ordered: see DESIGN's table."""

    GUESS = 0
    DISPATCH = 1
    INFERRED = 2
    EXACT = 3

    @property
    def label(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, label: str) -> Confidence:
        """The level of that name; raises KeyError for any other."""
        return cls[label.upper()]


def symbol_id(language: str, package: str, key: str) -> int:
    """The id of a symbol: the first 63 bits of BLAKE3 over language, package and key.

    Content-derived, so that two machines that index the same file make the same rows.
    """
    digest = blake3(f"{language}\0{package}\0{key}".encode()).digest(8)
    return int.from_bytes(digest, "big") >> 1


class Declaration(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A further place that declares a symbol: a signature of an overload set, a setter. Lines are 1-based."""

    line: int  # of the name
    column: int
    start_line: int
    end_line: int


class Symbol(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A definition of the project, or something outside it that the project refers to (kind ``external``)."""

    id: int
    key: str
    kind: SymbolKind
    name: str
    qualified: str  # dotted within its module: ``QuerySet.filter``; a module's own dotted name for modules
    language: str
    file: str | None  # relative to the root, with `/`; None for externals
    line: int  # of the name, 1-based; 0 for externals
    column: int
    start_line: int  # first line with decorators
    end_line: int
    parent: int | None  # the id of the enclosing symbol
    signature: str = ""
    doc: str = ""
    visibility: str = "public"
    modifiers: tuple[str, ...] = ()
    complexity: int = 0
    statements: int = 0
    is_test: bool = False
    signature_hash: bytes = b""
    body_hash: bytes = b""
    declarations: tuple[Declaration, ...] = ()  # the places beside `line`, where there are several

    @property
    def external(self) -> bool:
        return self.kind is SymbolKind.EXTERNAL


class Site(msgspec.Struct, frozen=True, array_like=True, gc=False, order=True):
    """A place in the file of an edge's source: 1-based line and column (UTF-8 bytes)."""

    line: int
    column: int


class Edge(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A relation between two symbols, with every place that it was seen at.

    ``file`` is the file whose text says so. It is the source's file, but for callbacks, where it is the
    file that passes the function.
    """

    kind: EdgeKind
    how: How
    confidence: Confidence
    source: int
    target: int
    file: str
    sites: tuple[Site, ...] = ()


class LinkedReference(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One site, resolved or not: the row behind ``refs``, ``coverage`` and every bound."""

    source: int  # the symbol around it
    target: int | None  # None: not resolved
    name: str
    line: int
    column: int
    role: str  # read, call, write, type, inherit, decorate, import, implicit
    form: str  # name, self, super, attribute, chain, other
    arguments: int
    outcome: str  # "project", "external", "local", "unresolved"
    confidence: Confidence
    recursive: bool = False
    is_async: bool = False


class LinkedImport(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One import, as written and as resolved."""

    source: int
    target: int | None
    module: str
    name: str
    alias: str
    line: int
    when: str  # "runtime", "lazy", "type-only"
    conditional: bool = False
    reexport: bool = False


class LinkedFile(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All that linking says about one file: its own symbols, and the external ones it refers to."""

    path: str
    symbols: tuple[Symbol, ...]
    externals: tuple[Symbol, ...]
    edges: tuple[Edge, ...]
    references: tuple[LinkedReference, ...]
    imports: tuple[LinkedImport, ...]
