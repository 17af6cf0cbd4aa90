"""``mermaid``: a flowchart that GitHub and GitLab draw; ids are short, for they limit its size."""

from __future__ import annotations

from collections.abc import Iterator

from isg.cli.answer import Diagram, Envelope, Node, Style
from isg.cli.render.encoding import text_bytes
from isg.cli.render.text import clean

_ROUND = {"function", "method", "constructor", "property", "macro"}
_SURE = {"exact", "inferred"}


def render(envelope: Envelope, style: Style) -> Iterator[bytes]:
    diagram = envelope.answer.diagram(envelope.shown) if envelope.answer.diagram else Diagram((), ())
    ids = {node.key: f"n{position}" for position, node in enumerate(diagram.nodes)}
    yield b"flowchart LR\n"
    for node in diagram.nodes:
        yield text_bytes(f"  {ids[node.key]}{_box(node)}\n")
    for arrow in diagram.arrows:
        line = "-->" if arrow.confidence in _SURE else "-.->"
        label = f"{arrow.kind} {arrow.how}" if arrow.how else arrow.kind
        yield text_bytes(f"  {ids[arrow.source]} {line}|{label}| {ids[arrow.target]}\n")
    marked = [ids[node.key] for node in diagram.nodes if node.emphasis]
    if marked:
        yield text_bytes(f"  style {','.join(marked)} stroke-width:3px\n")


def _box(node: Node) -> str:
    label = f'"{_escaped(node.label)}"'
    return f"([{label}])" if node.kind in _ROUND else f"[{label}]"


def _escaped(text: str) -> str:
    return clean(text.replace("\n", " ")).replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
