"""The languages isg reads, as data: a language is one entry of ``LANGUAGES``."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

HEAD_SIZE = 256  # bytes of a file that its #! line is looked for in

_INTERPRETER = re.compile(rb"#!\s*(?:\S*/)?(?:env\s+(?:-\S+\s+|\w+=\S*\s+)*(?:\S*/)?)?([\w.+-]+)")
_VERSION = re.compile(r"[\d.]+$")


class Language(msgspec.Struct, frozen=True):
    """How the files of a language are told from others."""

    name: str
    extensions: tuple[str, ...]
    family: str = ""
    """The language whose names and rules it shares; its own where empty."""
    title: str = ""
    """What people call it."""
    names: tuple[str, ...] = ()
    """Whole file names that stand for the language without an extension."""
    interpreters: tuple[str, ...] = ()
    """Programs that a ``#!`` line may name, without a version."""


LANGUAGES: tuple[Language, ...] = (
    Language(
        name="python",
        title="Python",
        extensions=(".py", ".pyi", ".pyw"),
        names=("SConstruct", "SConscript", "wscript"),
        interpreters=("python", "pypy", "pythonw"),
    ),
    Language(
        name="typescript",
        title="TypeScript",
        extensions=(".ts", ".mts", ".cts"),
        interpreters=("deno", "ts-node", "tsx"),
    ),
    Language(name="tsx", title="TSX", extensions=(".tsx",), family="typescript"),
    Language(
        name="javascript",
        title="JavaScript",
        extensions=(".js", ".jsx", ".mjs", ".cjs"),
        family="typescript",
        names=("Jakefile",),
        interpreters=("node", "nodejs", "bun"),
    ),
    Language(name="rust", title="Rust", extensions=(".rs",), interpreters=("rust-script",)),
)

# Languages whose programs are not read, by extension: named where an answer may lack what they say.
_UNREAD = {
    extension: title
    for title, extensions in {
        "Astro": (".astro",),
        "C": (".c", ".h"),
        "C#": (".cs",),
        "C++": (".cc", ".cpp", ".cxx", ".hh", ".hpp", ".hxx"),
        "Clojure": (".clj", ".cljc", ".cljs"),
        "Cython": (".pyx", ".pxd"),
        "Dart": (".dart",),
        "Elixir": (".ex", ".exs"),
        "Erlang": (".erl", ".hrl"),
        "F#": (".fs", ".fsx"),
        "Go": (".go",),
        "Groovy": (".groovy",),
        "Haskell": (".hs",),
        "Java": (".java",),
        "Julia": (".jl",),
        "Kotlin": (".kt", ".kts"),
        "Lua": (".lua",),
        "Objective-C": (".m", ".mm"),
        "OCaml": (".ml", ".mli"),
        "Perl": (".pl", ".pm"),
        "PHP": (".php",),
        "R": (".r",),
        "Ruby": (".rb",),
        "Scala": (".scala",),
        "Svelte": (".svelte",),
        "Swift": (".swift",),
        "Vue": (".vue",),
        "Zig": (".zig",),
    }.items()
    for extension in extensions
}

FAMILIES = {each.name: each.family or each.name for each in LANGUAGES}

_BY_EXTENSION = {extension: each.name for each in LANGUAGES for extension in each.extensions}
_BY_NAME = {name: each.name for each in LANGUAGES for name in each.names}
_BY_INTERPRETER = {program: each.name for each in LANGUAGES for program in each.interpreters}


def read_languages() -> str:
    """The languages that isg reads, as a sentence has them."""
    *others, last = (each.title for each in LANGUAGES)
    return f"{', '.join(others)} and {last}"


def language_of(path: str, head: Callable[[], bytes]) -> str | None:
    """The language of a file, by its extension, its name or, without an extension, its ``#!`` line.

    ``head`` gives the first bytes of the file; it is called only where the name does not decide.
    """
    name = path[path.rfind("/") + 1 :]
    dot = name.rfind(".")
    if dot > 0:
        return _BY_EXTENSION.get(name[dot:].lower())
    if name in _BY_NAME:
        return _BY_NAME[name]
    return None if dot == 0 else language_of_head(head())


def language_of_head(head: bytes) -> str | None:
    """The language that a ``#!`` line names, ``#!/usr/bin/env -S python3.11 -u`` too."""
    found = _INTERPRETER.match(head)
    if found is None:
        return None
    return _BY_INTERPRETER.get(_VERSION.sub("", found[1].decode("ascii")))


def unread_language_of(path: str) -> str | None:
    """What people call the language of a program that isg does not read; None for all other files."""
    name = path[path.rfind("/") + 1 :]
    dot = name.rfind(".")
    return _UNREAD.get(name[dot:].lower()) if dot > 0 else None
