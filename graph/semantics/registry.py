"""The semantics of each family of languages; imported only where a project has files of it."""

from __future__ import annotations

from collections.abc import Callable

from isg.graph.linking.semantics import Context, Semantics

Make = Callable[[Context], Semantics]


def _python() -> Make:
    from isg.graph.semantics.python.language import Python

    return Python


def _typescript() -> Make:
    from isg.graph.semantics.typescript.language import TypeScript

    return TypeScript


def _rust() -> Make:
    from isg.graph.semantics.rust.language import Rust

    return Rust


SEMANTICS: dict[str, Callable[[], Make]] = {
    "python": _python,
    "typescript": _typescript,
    "rust": _rust,
}
