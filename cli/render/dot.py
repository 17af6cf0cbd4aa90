"""``dot``: for Graphviz, as in ``isg paths A B --format dot | dot -T svg``."""

from __future__ import annotations

from collections.abc import Iterator

from isg.cli.answer import Arrow, Diagram, Envelope, Node, Style
from isg.cli.render.encoding import text_bytes
from isg.cli.render.text import clean

_SHAPES = {"module": "folder", "package": "tab", "external": "plaintext"}
_ROUND = {"function", "method", "constructor", "property", "macro"}
_SURE = {"exact", "inferred"}


def render(envelope: Envelope, style: Style) -> Iterator[bytes]:
    diagram = envelope.answer.diagram(envelope.shown) if envelope.answer.diagram else Diagram((), ())
    yield b'digraph isg {\n  rankdir=LR;\n  node [shape=box, fontname="sans-serif"];\n'
    for node in diagram.nodes:
        yield text_bytes(f"  {_node(node)}\n")
    for arrow in diagram.arrows:
        yield text_bytes(f"  {_arrow(arrow)}\n")
    yield b"}\n"


def _node(node: Node) -> str:
    shape = "ellipse" if node.kind in _ROUND else _SHAPES.get(node.kind, "box")
    place = f"{node.file}:{node.line}" if node.file else node.kind
    attributes = [f"label={quoted(node.label)}", f"shape={shape}", f"tooltip={quoted(place)}"]
    if node.emphasis:
        attributes.append("penwidth=2")
    return f"{quoted(node.key)} [{', '.join(attributes)}];"


def _arrow(arrow: Arrow) -> str:
    label = f"{arrow.kind} {arrow.how}" if arrow.how else arrow.kind
    line = "" if arrow.confidence in _SURE else ", style=dashed"
    return f"{quoted(arrow.source)} -> {quoted(arrow.target)} [label={quoted(label)}{line}];"


def quoted(text: str) -> str:
    """A string of the DOT language."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{clean(escaped)}"'
