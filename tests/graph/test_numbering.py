"""Nodes that come and go leave the others in order, however it is worked out."""

from __future__ import annotations

from array import array
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isg.graph import numbering as numbers
from isg.graph.numbering import GONE, Numbering, Replacement, raised, replaced, replaced_items


@st.composite
def replacements(draw: st.DrawFn, size: int) -> list[Replacement]:
    cuts = sorted(draw(st.sets(st.integers(0, size), max_size=6)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return [Replacement(start, stop, draw(st.integers(0, 3))) for start, stop in pairs]


def listed(size: int, changes: list[Replacement], names: list[object]) -> list[object]:
    """What stands there afterwards, one by one."""
    after, kept = list[object](), 0
    for number, (start, stop, count) in enumerate(changes):
        after += names[kept:start] + [("new", size, number, each) for each in range(count)]
        kept = stop
    return after + names[kept:]


@given(st.data(), st.integers(0, 30))
def test_numbers_after_two_changes_are_places_in_what_stands_then(data: st.DataObject, size: int) -> None:
    first = data.draw(replacements(size))
    before = list[object](range(size))
    between = listed(size, first, before)
    second = data.draw(replacements(len(between)))
    after = listed(len(between), second, between)
    both = Numbering.after(size, first).then(Numbering.after(len(between), second))
    assert [both.was(now) for now in range(len(after))] == [
        each if isinstance(each, int) else GONE for each in after
    ]
    assert [both.now(was) for was in range(size)] == [
        after.index(was) if was in after else GONE for was in before
    ]
    assert list(both.went(size)) == [was for was in range(size) if was not in after]
    assert list(both.came(len(after))) == [now for now, each in enumerate(after) if isinstance(each, tuple)]


@given(st.data(), st.integers(1, 30))
def test_columns_follow(data: st.DataObject, size: int) -> None:
    changes = data.draw(replacements(size))
    numbering = Numbering.after(size, changes)
    stay = [was for was in range(size) if numbering.now(was) != GONE]
    ends = data.draw(st.lists(st.sampled_from(stay), max_size=20)) if stay else []
    now = numbering.renumbered(memoryview(array("I", ends)))
    assert now.tolist() == [numbering.now(was) for was in ends]
    assert numbering.renumbered(memoryview(array("I", ends)), below=size) == now
    signed = numbering.renumbered(memoryview(array("i", [GONE, *ends, GONE])))
    assert signed.tolist() == [GONE, *now, GONE]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbers, "_SHIFTS", 0)
        assert numbering.renumbered(memoryview(array("I", ends))) == now
        assert numbering.renumbered(memoryview(array("i", [GONE, *ends, GONE]))) == signed
    values = array("i", range(100, 100 + size))
    new = array("i", range(sum(change.coming for change in changes)))
    fresh = iter(new)
    expected = [
        next(fresh) if isinstance(each, tuple) else 100 + int(str(each))
        for each in listed(size, changes, list(range(size)))
    ]
    assert replaced(memoryview(values), changes, new).tolist() == expected


@given(st.lists(st.integers(1000, 2000), max_size=300), st.integers(-1000, 1000), st.sampled_from("IQ"))
def test_numbers_are_raised_however_many_they_are(column: list[int], by: int, width: str) -> None:
    after = bytes(raised(memoryview(array(width, column)), by))
    assert after == array(width, [number + by for number in column]).tobytes()


@given(st.data(), st.lists(st.binary(max_size=5), max_size=30), st.sampled_from((1, 4)))
def test_items_follow(data: st.DataObject, items: list[bytes], width: int) -> None:
    changes = data.draw(replacements(len(items)))
    new = data.draw(st.lists(st.binary(max_size=5), min_size=100, max_size=100)) if changes else []
    new = [item * width for item in new][: sum(change.coming for change in changes)]
    fresh = iter(new)
    items = [item * width for item in items]
    expected = [
        next(fresh) if isinstance(each, tuple) else items[int(str(each))]
        for each in listed(len(items), changes, list(range(len(items))))
    ]

    def begins(of: list[bytes]) -> array[int]:
        return array("I", accumulate((len(item) // width for item in of), initial=0))

    joined, starts = memoryview(b"".join(items)), memoryview(begins(items))
    pieces, after = replaced_items(joined, starts, changes, new, width)
    assert (b"".join(pieces), after) == (b"".join(expected), begins(expected).tobytes())
