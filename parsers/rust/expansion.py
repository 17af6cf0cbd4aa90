"""Items that macros of the same file write: `macro_rules! impl_x { … } impl_x!(u8 u16);`.

What such a macro gives is written out as text and read as items of where it is used, by their heads: no
body, no initial value. A use is as unread as that of any other macro where no rule takes its tokens, where
they give no items, and where the macros of a file give too much.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from tree_sitter import Node

from isg.parsers.grammar import TooBroken
from isg.parsers.rust.effort import Spent
from isg.parsers.rust.expanded import Expanded
from isg.parsers.rust.grammar import ATTRIBUTE
from isg.parsers.rust.lexing import CLOSERS, OPENERS, tokens_of
from isg.parsers.rust.local_macros import BYTES_A_TOKEN, Definition, Use
from isg.parsers.rust.readers import Reader
from isg.parsers.rust.rules import Unreadable
from isg.parsers.rust.source import Source
from isg.parsers.rust.transcribing import transcribed
from isg.parsers.rust.walk import Walk


class Expansion:
    """Reads what the macros of a file write."""

    def __init__(self, walk: Walk, reader: Reader) -> None:
        self.walk = walk
        self.reader = reader

    def define(self, name: str, node: Node) -> None:
        """From here on, the name means the macro that is defined here."""
        behind = node.child_by_field_name("name")
        if behind is None:
            return
        walk = self.walk
        text, end = walk.text, node.end_byte
        opening = next((at for at in range(behind.end_byte, end) if text[at] in OPENERS), end)
        closing = max(text.rfind(closer, opening, end) for closer in CLOSERS)
        walk.local_macros.definitions[name] = Definition(text, opening + 1, closing)

    def read(self, name: str, tree: Node, node: Node, given: int) -> None:
        """Reads what a macro of this name writes of the tokens of a tree, if the file defines one.

        ``given`` is the first reference that was made of the tokens as what they look like.
        """
        walk = self.walk
        definition = walk.local_macros.definitions.get(name)
        found = self._written(definition, tree) if definition is not None else None
        if found is None:
            return
        expanded, source, items = found
        items = list(self._not_written_yet(source, items))
        if not items:
            return
        if walk.use is None:
            with self._use(Use(walk.text, node, expanded, walk.unit_line, len(walk.tables.symbols)), given):
                self._read(source, items)
        else:
            around, walk.use.expanded = walk.use.expanded, expanded
            self._read(source, items)
            walk.use.expanded = around

    def _not_written_yet(self, source: Source, items: Iterable[Node]) -> Iterator[Node]:
        """The items, with their attributes, whose name no macro has written in this scope."""
        walk, attributes = self.walk, list[Node]()
        for item in items:
            if item.kind_id == ATTRIBUTE:
                attributes.append(item)
                continue
            name = item.child_by_field_name("name")
            text = source.text[name.start_byte : name.end_byte] if name is not None else ""
            key = walk.scope, item.kind_id, text
            if not text or key not in walk.local_macros.written:
                yield from (*attributes, item)
            walk.local_macros.written.add(key)
            attributes.clear()

    def _written(self, definition: Definition, tree: Node) -> tuple[Expanded, Source, list[Node]] | None:
        """What a macro gives of some tokens: text, and items; None where that is not to be had."""
        walk = self.walk
        effort = walk.local_macros.effort
        start, end = tree.start_byte + 1, tree.end_byte - 1
        try:
            effort.spend((end - start) // BYTES_A_TOKEN)
            tokens = tokens_of(walk.text, start, end, walk.use.place_of if walk.use is not None else int)
            expanded = Expanded(transcribed(definition.rules(effort), tokens, effort))
            source = Source(expanded.text.encode("latin-1"))
            root = source.tree(None).root_node
        except (Unreadable, ValueError, Spent, TooBroken):
            return None
        return None if root.has_error else (expanded, source, root.children)

    @contextmanager
    def _use(self, use: Use, given: int) -> Iterator[None]:
        """What is read now is written by a use that stands in the file."""
        walk = self.walk
        tables = walk.tables
        diagnostics, looks = len(tables.diagnostics), len(tables.references)
        walk.use = use
        yield
        walk.use = None
        written = tables.symbols[use.first :]
        for draft in written:
            draft.bodies = ()  # they are no part of the file's text
        del tables.diagnostics[diagnostics:]
        known = {(each.line, each.column, each.name) for each in tables.references[looks:]}
        known |= {(draft.line, draft.column, draft.name) for draft in written}
        seen = tables.references[given:looks]
        tables.references[given:looks] = [e for e in seen if (e.line, e.column, e.name) not in known]

    def _read(self, source: Source, items: list[Node]) -> None:
        """Reads items of another text."""
        walk = self.walk
        outer = walk.source, walk.text
        walk.source, walk.text = source, source.text
        walk.macro_depth += 1
        self.reader.items.run(items)
        walk.macro_depth -= 1
        walk.source, walk.text = outer
