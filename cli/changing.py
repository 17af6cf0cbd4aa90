"""The answer of ``isg blast-radius`` about a known change: of a kind, to a signature, or as a patch says."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from isg.cli.answer import Result
from isg.cli.composition import Ask
from isg.cli.render.symbols import counted
from isg.graph.errors import UsageError
from isg.graph.queries.bound import Notice

if TYPE_CHECKING:
    from isg.graph.queries.blast_radius import BlastRadius
    from isg.graph.queries.guesses import Mention
    from isg.graph.seeds.edits import Edit
    from isg.graph.seeds.patches import FilePatch
    from isg.graph.signatures.call_sites import CheckedSite


class Changes(msgspec.Struct, frozen=True):
    """What changes, as far as it is known."""

    edits: tuple[Edit, ...]
    unseen: tuple[str, ...] = ()  # changed files that the graph has not
    gone: tuple[str, ...] = ()  # what is deleted already

    @property
    def nodes(self) -> tuple[int, ...]:
        return tuple(edit.node for edit in self.edits)


def changes_of(ask: Ask, nodes: Sequence[int], change: str, to: str) -> Changes:
    """The change of symbols that a user describes; raises UsageError where ``to`` is no signature."""
    from isg.graph.queries.changes import Change
    from isg.graph.seeds.edits import Edit
    from isg.graph.signatures.parameters import taken_by_text

    kind = Change(change) if change else None
    return Changes(
        tuple(
            Edit(node, kind, taken_by_text(to, ask.graph.symbol(node).language) if to else None)
            for node in nodes
        )
    )


def changes_in_patch(ask: Ask, text: str, change: str) -> Changes:
    """The changes that a patch makes; all of one kind, where one is given."""
    from isg.graph.queries.changes import Change
    from isg.graph.seeds.edits import Edit
    from isg.graph.seeds.patches import read_patch
    from isg.graph.seeds.touched import touched

    patches = read_patch(text)
    if not patches and text.strip():
        raise UsageError("--diff: no patch in what was read", hint="git diff | isg blast-radius --diff -")
    found = touched(ask.graph, patches, ask.line)
    nodes = found.symbols(ask.graph)
    if change:
        return Changes(tuple(Edit(node, Change(change)) for node in nodes), found.unseen)
    edits: list[Edit] = []
    missing: list[str] = []
    for patch in patches:
        more, left = _compare(ask, patch, nodes)
        edits += more
        missing += left
    return Changes(tuple(edits), found.unseen, tuple(missing))


def _compare(ask: Ask, patch: FilePatch, nodes: Sequence[int]) -> tuple[list[Edit], list[str]]:
    """The edits of one file, and the names of what is gone from it."""
    from isg.graph.seeds.edits import Edit, edits_in, gone
    from isg.graph.seeds.sides import is_applied, other_side
    from isg.parsers.parse import parse

    graph = ask.graph
    path = next((path for path in (patch.new, patch.old) if path and graph.has_file(path)), None)
    if path is None:
        return [], []
    module = graph.symbol(graph.in_file(path)[0])
    here = [node for node in nodes if graph.path(node) == path]
    if not patch.hunks:
        return [Edit(node, None) for node in here], []
    other = parse(module.language, other_side(patch, path, ask.line).encode())
    applied = is_applied(patch, path, ask.line)
    return list(edits_in(graph, here, other, applied)), gone(graph, path, other) if applied else []


def reached_by(ask: Ask, changes: Changes, depth: int) -> tuple[BlastRadius, tuple[CheckedSite, ...]]:
    """What the changes reach, and the calls that were checked against new signatures."""
    from isg.graph.queries.changes import (
        Change,
        Planned,
        blast_radius_of_changes,
        holders,
        names_to_look_up,
    )
    from isg.graph.signatures.call_sites import check_calls, spared

    checked: list[CheckedSite] = []
    planned: list[Planned] = []
    names: set[str] = set()
    for edit in changes.edits:
        sites: tuple[CheckedSite, ...] = ()
        if edit.change is Change.SIGNATURE and edit.taken is not None:
            sites = check_calls(ask.graph, edit.node, edit.taken, ask.line, ask.min_confidence)
            checked += sites
        planned.append(Planned((edit.node,), edit.change, frozenset(spared(ask.graph, sites, holders))))
        if edit.change is not None:
            names |= names_to_look_up(ask.graph, (edit.node,), edit.change)
    found = blast_radius_of_changes(
        ask.graph,
        planned,
        depth=depth,
        min_confidence=ask.min_confidence,
        mentions=[site for site in _mentions(ask, names) if not _still_fits(ask, site, changes.edits)],
    )
    return found, tuple(checked)


def _still_fits(ask: Ask, site: Mention, edits: Sequence[Edit]) -> bool:
    """Whether a call fits what all that bear its name will take, as far as that is known."""
    from isg.graph.signatures.binding import may_fit

    named = [edit for edit in edits if ask.graph.symbol(edit.node).name == site.name]
    return site.role == "call" and all(
        edit.taken is not None and may_fit(site.arguments, edit.taken) for edit in named
    )


def _mentions(ask: Ask, names: Collection[str]) -> list[Mention]:
    """The sites of the record that bear one of the names and are resolved to no symbol."""
    from isg.graph.queries.guesses import Mention
    from isg.graph.queries.receivers import has_rivals, receiver_before

    if not names:
        return []
    contested = {name for name in names if has_rivals(ask.graph, name)}
    found = []
    for site in ask.references().unlinked(sorted(names)):
        source = ask.graph.by_key(site.source)
        if source is not None:
            local = site.outcome == "local"
            line = ask.line(site.file, site.line) if site.name in contested and not local else None
            receiver = receiver_before(line or "", site.column)
            found.append(Mention(site.name, site.role, local, site.arguments, source, receiver))
    return found


def count_breaking(checked: Sequence[CheckedSite]) -> int:
    return sum(site.breaks is True for site in checked)


def broken(checked: Sequence[CheckedSite]) -> str:
    """``7 of 23 call sites break``."""
    unclear = sum(site.breaks is None for site in checked)
    open_ = f", {unclear:,} cannot be told" if unclear else ""
    return f"{count_breaking(checked):,} of {counted(len(checked), 'call site')} break{open_}"


def sites_of(ask: Ask, checked: Sequence[CheckedSite]) -> dict[str, list[Result]]:
    """The calls that break or may, by the key of what makes them."""
    from isg.graph.queries.changes import holders

    found: dict[str, list[Result]] = {}
    for site in checked:
        if site.breaks is not False:
            shown = {"file": site.file, "line": site.site.line, "column": site.site.column, "why": site.why}
            for node in holders(ask.graph, site.arc):
                found.setdefault(ask.graph.symbol(node).key, []).append({**shown, "breaks": site.breaks})
    return found


def notices(changes: Changes) -> Iterator[Notice]:
    """What a reader must know about a patch."""
    if changes.unseen:
        yield Notice("unseen", f"changed files that isg does not read: {_some(changes.unseen)}")
    if changes.gone:
        last = changes.gone[0].rpartition(".")[2]
        yield Notice("deleted", f"deleted: {_some(changes.gone)}; isg refs --unresolved {last}")


def _some(names: Sequence[str], most: int = 5) -> str:
    left = len(names) - most
    return ", ".join(names[:most]) + (f" and {left:,} more" if left > 0 else "")
