"""Documentation comments (JSDoc)."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers.typescript.walk import Walk

MAX_DOC = 300
_MAX_READ = 4000  # characters of a comment that its first paragraph is looked for in


def docstring(walk: Walk, node: Node) -> str:
    """The first paragraph of the ``/** … */`` just before a definition, on one line, or nothing."""
    comment, walk.doc = walk.doc, None
    if comment is None or comment.start_byte > node.start_byte:
        return ""
    text = walk.text[comment.start_byte : min(comment.end_byte, comment.start_byte + _MAX_READ)]
    if not text.startswith("/**"):
        return ""
    lines: list[str] = []
    for line in text[3:].removesuffix("*/").split("\n"):
        stripped = line.strip().removeprefix("*").strip()
        if stripped.startswith("@") and not (stripped := _description(stripped)):
            break
        if stripped:
            lines.append(stripped)
        elif lines:
            break
    doc = " ".join(lines)
    return (doc if doc.isascii() else doc.encode("latin-1").decode("utf-8", "replace"))[:MAX_DOC].rstrip()


def _description(tag: str) -> str:
    """The text of a tag that describes; nothing for others."""
    name, _, text = tag.partition(" ")
    return text.strip() if name in ("@description", "@desc", "@summary") else ""
