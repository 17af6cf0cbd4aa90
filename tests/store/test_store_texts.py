"""Texts by line, and that a process keeps no more of them than it may."""

from __future__ import annotations

import pytest

from isg.store.texts import Kept, Text


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        (b"", [""]),
        (b"a\nb\n", ["a", "b", ""]),
        (b"a\r\nb\rc", ["a", "b", "c"]),
        (b"\xef\xbb\xbfa\n\xff", ["a", "\ufffd"]),
        (b"a\x0cb\xe2\x80\xa8c\n", ["a\x0cb\u2028c", ""]),  # breaks for a printer, not for a compiler
    ],
)
def test_lines(data: bytes, lines: list[str]) -> None:
    text = Text(data)
    assert [text.between(at, at) for at in range(1, len(text) + 1)] == lines
    assert text.between(0, len(lines) + 5) == "\n".join(lines)
    assert text.between(len(lines) + 1, len(lines) + 5) == text.between(2, 1) == ""


def test_what_was_not_used_for_longest_goes() -> None:
    kept = Kept(10)
    for digest in (b"1", b"2", b"1", b"3"):
        if kept.get(digest) is None:
            kept.add(digest, Text(b"four"))
    assert [kept.get(digest) is not None for digest in (b"1", b"2", b"3")] == [True, False, True]
    kept.add(b"4", Text(b"more than it may keep"))
    assert not any(kept.get(digest) for digest in (b"1", b"2", b"3", b"4"))
