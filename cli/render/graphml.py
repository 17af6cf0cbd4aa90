"""``graphml``: for Gephi, yEd, networkx and their kin."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from isg.cli.answer import Diagram, Envelope, Style
from isg.cli.render.encoding import text_bytes
from isg.cli.render.text import clean

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="name" for="node" attr.name="name" attr.type="string"/>
  <key id="kind" for="node" attr.name="kind" attr.type="string"/>
  <key id="file" for="node" attr.name="file" attr.type="string"/>
  <key id="line" for="node" attr.name="line" attr.type="int"/>
  <key id="edge" for="edge" attr.name="kind" attr.type="string"/>
  <key id="how" for="edge" attr.name="how" attr.type="string"/>
  <key id="confidence" for="edge" attr.name="confidence" attr.type="string"/>
  <graph edgedefault="directed">
"""


def render(envelope: Envelope, style: Style) -> Iterator[bytes]:
    diagram = envelope.answer.diagram(envelope.shown) if envelope.answer.diagram else Diagram((), ())
    yield _HEAD.encode()
    for node in diagram.nodes:
        data = _data("name", node.label) + _data("kind", node.kind)
        if node.file:
            data += _data("file", node.file) + _data("line", str(node.line))
        yield text_bytes(f"    <node id={_id(node.key)}>{data}</node>\n")
    for arrow in diagram.arrows:
        data = (
            _data("edge", arrow.kind) + _data("how", arrow.how or "") + _data("confidence", arrow.confidence)
        )
        yield text_bytes(f"    <edge source={_id(arrow.source)} target={_id(arrow.target)}>{data}</edge>\n")
    yield b"  </graph>\n</graphml>\n"


def _data(key: str, value: str) -> str:
    return f'<data key="{key}">{escape(clean(value))}</data>'


def _id(key: str) -> str:
    return quoteattr(clean(key))
