"""Renderers: pure functions from an envelope to pieces of output, one module a format, loaded by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TypeAlias, cast

from isg.cli.answer import Envelope, Style

Renderer: TypeAlias = Callable[[Envelope, Style], Iterator[bytes]]

MODULES = {
    "text": "text",
    "json": "envelope",
    "jsonl": "lines",
    "md": "markdown",
    "xml": "xml",
    "dot": "dot",
    "mermaid": "mermaid",
    "graphml": "graphml",
    "sarif": "sarif",
    "github": "github",
}
FORMATS = tuple(MODULES)
MACHINE_FORMATS = frozenset({"json", "jsonl"})


def renderer(name: str) -> Renderer:
    """The renderer of a format; raises KeyError where there is none of that name."""
    module = import_module(f"isg.cli.render.{MODULES[name]}")
    return cast("Renderer", module.render)
