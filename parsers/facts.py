"""Facts: what one file says, in terms of itself alone.

``parse(language, source) -> FileFacts`` is pure: facts know no path and need no other file, so they
can be computed in any process and cached under the hash of the bytes. Everything refers to everything
else by its index in one of the tuples of :class:`FileFacts`.

Positions. A *unit* is a top-level definition. ``FileFacts.units[u]`` is the line on which unit *u*
starts (1-based, its first decorator); unit 0 is the module itself and starts at line 1. A ``line`` in
any other fact is relative: ``absolute = units[fact.unit] + fact.line``. So a line added at the top of
a file changes the few numbers of ``units`` only. Columns are 1-based and count UTF-8 bytes.
"""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import TypeAlias

import msgspec

from isg.parsers.terms import Term

NOTHING = -1  # an index that points nowhere
MOST_MEANINGS = 16  # of a name at one place; people write fewer

TermId: TypeAlias = int
BindingId: TypeAlias = int
ScopeId: TypeAlias = int
SymbolId: TypeAlias = int
SignatureId: TypeAlias = int
ImportId: TypeAlias = int


class ScopeKind(IntEnum):
    """What opens a scope; Python's comprehensions and lambdas are FUNCTION scopes of their own."""

    MODULE = 0
    CLASS = 1
    FUNCTION = 2
    BLOCK = 3
    TYPE_PARAMETERS = 4
    EXPORTS = 5  # the names that a file gives to others, where they are not just those of its own scope


class BindingKind(IntEnum):
    """How a name came to be bound."""

    DEFINITION = 0  # a function or class statement
    IMPORT = 1
    PARAMETER = 2
    ASSIGNMENT = 3
    DECLARATION = 4  # an annotation without a value
    LOOP = 5  # for and comprehension targets
    CONTEXT = 6  # with … as
    HANDLER = 7  # except … as
    PATTERN = 8  # match captures
    NARROWED = 9  # not a binding in the source: the same variable behind a test
    TYPE_PARAMETER = 10
    AUGMENTED = 11  # x += …
    EXPORT = 12  # in a scope EXPORTS: an exported name, its term what it stands for in this file


class Role(IntEnum):
    """What a reference is there for. A site has one role."""

    READ = 0
    CALL = 1
    WRITE = 2
    TYPE = 3  # inside an annotation or type expression
    INHERIT = 4  # a base in a class head
    DECORATE = 5  # a decorator that is not itself a call
    IMPLICIT = 6  # the method that an operator, for, with, await or subscript calls
    IMPLEMENT = 7  # an interface or trait that a head says is implemented


class Form(IntEnum):
    """The shape of the expression that a reference names its target by."""

    NAME = 0  # f
    SELF = 1  # self.f, cls.f: the first parameter of the enclosing method
    SUPER = 2  # super().f
    ATTRIBUTE = 3  # x.f where x is a plain name
    CHAIN = 4  # anything else before the dot
    OTHER = 5  # a call of something that is no name and no member


class ReferenceFlag(IntFlag):
    NONE = 0
    AWAITED = 1  # directly under await
    TYPE_CHECKING = 2  # in a block that only a type checker reads
    STRING = 4  # inside a string annotation
    STARRED = 8  # the call has * or ** arguments: its argument count is a lower bound
    DECORATOR = 16  # a call that is a decorator


class ImportFlag(IntFlag):
    NONE = 0
    TYPE_CHECKING = 1  # in `if TYPE_CHECKING:`
    LAZY = 2  # inside a function
    CONDITIONAL = 4  # under if/else or match
    TRY = 8  # in a try or its handlers
    REEXPORT = 16  # `export … from`, `pub use`: there for others
    DECLARES = 32  # `mod name;`: says that the file belongs to the project, under this name


class ParameterKind(IntEnum):
    POSITIONAL_ONLY = 0
    POSITIONAL = 1  # or keyword
    VARIADIC = 2  # *args
    KEYWORD_ONLY = 3
    KEYWORDS = 4  # **kwargs


class SignatureFlag(IntFlag):
    NONE = 0
    ASYNC = 1
    GENERATOR = 2
    ABSTRACT_BODY = 4  # the body is only a docstring, `...`, `pass` or `raise NotImplementedError`


class Parameter(msgspec.Struct, frozen=True, array_like=True, gc=False):
    name: str
    kind: ParameterKind
    annotation: TermId  # the type expression, not wrapped in ANNOTATION; 0 without
    default: TermId  # 0 without; a default that is not tracked is LITERAL or UNKNOWN…
    has_default: bool


class Signature(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What calling a function or lambda takes and gives."""

    symbol: SymbolId  # NOTHING for a lambda
    scope: ScopeId  # the scope of its body
    parameters: tuple[Parameter, ...]
    returns: TermId  # the return annotation; 0 without
    returned: tuple[TermId, ...]  # the terms of its return statements (a lambda's body), deduplicated
    yielded: tuple[TermId, ...]  # the terms it yields (`yield from t` as ITER(t))
    flags: SignatureFlag
    called: tuple[tuple[int, int, int], ...]  # (parameter, line, column) where its body calls a parameter
    expected: TermId = 0  # the type that is expected where a function expression stands; 0 where none is
    type_parameters: ScopeId = NOTHING  # the scope of its own type parameters


class DeclarationFact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One of several places that declare a symbol: a signature of an overload set, a setter."""

    unit: int
    line: int  # of the name
    column: int
    start: int
    end: int


class SymbolFact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A definition. Symbol 0 is the module itself (name ``<module>``, parent NOTHING)."""

    kind: str  # a value of isg.graph.model.SymbolKind
    name: str
    parent: SymbolId  # the enclosing class, function or module
    unit: int
    line: int  # of the name
    column: int
    start: int  # first line, decorators included (relative, as all lines)
    end: int  # last line
    signature: str  # one clean line: `def f(a: int = 0) -> str`, `class A(B)`, `x: int`
    doc: str  # the first paragraph of the docstring, at most 300 characters
    visibility: str  # "public", "protected" (one underscore), "private" (two)
    modifiers: tuple[str, ...]  # async, static, class, abstract, property, cached, final, conditional …
    decorators: tuple[TermId, ...]  # in source order
    bases: tuple[TermId, ...]  # of a class, as written
    keywords: tuple[tuple[str, TermId], ...]  # class keywords: metaclass, total …
    type_parameters: tuple[str, ...]  # PEP 695 names
    scope: ScopeId  # the scope of its body, for module, class and function; else NOTHING
    signatures: tuple[
        SignatureId, ...
    ]  # of a function: one, or its overloads first and the implementation last
    complexity: int  # McCabe's cyclomatic number; 0 where it means nothing
    statements: int
    signature_hash: bytes  # 8 bytes
    body_hash: bytes  # 8 bytes; formatting and comments change neither
    declarations: tuple[DeclarationFact, ...] = ()  # the others, where there are several, in source order


class ScopeFact(msgspec.Struct, frozen=True, array_like=True, gc=False):
    kind: ScopeKind
    parent: ScopeId  # the lexically enclosing scope
    symbol: SymbolId  # the module, class or function whose body it is; of a lambda the enclosing one
    names: dict[str, tuple[BindingId, ...]]  # its bindings in source order, the most telling ones


class Binding(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One way that a name in a scope gets a meaning.

    In a class scope, ``instance`` bindings are attributes of its instances (``self.x = …`` in a method).
    """

    kind: BindingKind
    name: str
    scope: ScopeId
    term: TermId  # the value bound; 0 where unknown
    declared: TermId  # the annotation's type expression (not wrapped in ANNOTATION); 0 without
    symbol: SymbolId  # the symbol that the binding defines or writes; NOTHING for locals and imports
    instance: bool


class Import(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One name of an import statement.

    `import a.b as c` is module "a.b", name "", alias "c"; `import a.b` the same with alias "" (binds "a");
    `from ..m import x as y` is module "m", level 2, name "x", alias "y"; a star has name "*".
    """

    module: str
    level: int  # leading dots; 0 is absolute
    name: str
    alias: str
    unit: int
    line: int
    column: int
    symbol: SymbolId  # the innermost definition around it
    scope: ScopeId
    flags: ImportFlag


class Reference(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A place where a name is used.

    ``term`` names the target: NAME, USE or MEMBER (for CALL: the callee). ``name`` is the last identifier.
    References to a plain local or parameter are kept only where it is called.
    """

    term: TermId
    name: str
    role: Role
    form: Form
    unit: int
    line: int
    column: int
    symbol: SymbolId  # the source of its edge: innermost function, method, class or module around it
    arguments: int  # positional and keyword arguments of a call; -1 otherwise
    call: TermId  # the CALL term where role is CALL, else 0
    flags: ReferenceFlag


class Diagnostic(msgspec.Struct, frozen=True, array_like=True, gc=False):
    code: str  # "syntax-error", "too-deep", "encoding" …
    message: str
    line: int  # absolute, 1-based
    end_line: int


class FileFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    language: str
    lines: int
    units: tuple[int, ...]
    symbols: tuple[SymbolFact, ...]
    scopes: tuple[ScopeFact, ...]  # scope 0 is the module's
    bindings: tuple[Binding, ...]
    terms: tuple[Term, ...]
    signatures: tuple[Signature, ...]
    imports: tuple[Import, ...]
    references: tuple[Reference, ...]
    exports: tuple[str, ...] | None  # `__all__` where it is a literal, else None
    exports_of: tuple[TermId, ...]  # modules whose `__all__` is added to it
    diagnostics: tuple[Diagnostic, ...]
    augments: bool = False  # it declares, from inside, names of all files or of other modules


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(FileFacts)
_references = msgspec.msgpack.Decoder(tuple[Reference, ...])
_SIZE = 4  # bytes that say how long the part before the references is


def encode(facts: FileFacts) -> bytes:
    """Facts as bytes: what workers send and the store keeps.

    The references stand apart behind the rest: linking a file needs its own, and those of no other.
    """
    head = _encoder.encode(msgspec.structs.replace(facts, references=()))
    return b"".join((len(head).to_bytes(_SIZE, "big"), head, _encoder.encode(facts.references)))


def decode(data: bytes) -> FileFacts:
    """The inverse of :func:`encode`.

    Raises msgspec.DecodeError or msgspec.ValidationError where the bytes are no facts of this version.
    """
    return msgspec.structs.replace(decode_definitions(data), references=decode_references(data))


def decode_definitions(data: bytes) -> FileFacts:
    """Encoded facts without their references; raises as :func:`decode` does."""
    return _decoder.decode(memoryview(data)[_SIZE : _boundary(data)])


def decode_references(data: bytes) -> tuple[Reference, ...]:
    """The references of encoded facts; raises as :func:`decode` does."""
    return _references.decode(memoryview(data)[_boundary(data) :])


def _boundary(data: bytes) -> int:
    return _SIZE + int.from_bytes(data[:_SIZE], "big")
