"""The semantics of each family of languages; imported only where a project has files of it."""

from __future__ import annotations

from collections.abc import Callable

from isg.graph.linking.semantics import Context, Semantics


def _python(context: Context) -> Semantics:
    from isg.graph.semantics.python.language import Python

    return Python(context)


def _typescript(context: Context) -> Semantics:
    from isg.graph.semantics.typescript.language import TypeScript

    return TypeScript(context)


def _rust(context: Context) -> Semantics:
    from isg.graph.semantics.rust.language import Rust

    return Rust(context)


SEMANTICS: dict[str, Callable[[Context], Semantics]] = {
    "python": _python,
    "typescript": _typescript,
    "rust": _rust,
}
