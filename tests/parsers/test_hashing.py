"""Hashes are of content alone, and a tree's state of its paths and contents alone."""

from __future__ import annotations

from pathlib import Path

from isg.parsers.hashing import content_hash, hash_file, state_of


def test_a_content_hash_is_blake3() -> None:
    empty = "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
    assert content_hash(b"").hex() == empty


def test_a_file_hashes_as_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\r\n\x00")
    assert hash_file(tmp_path / "a") == content_hash(b"\r\n\x00")


def test_a_state_does_not_depend_on_order() -> None:
    one, two = ("a.py", content_hash(b"1")), ("b.py", content_hash(b"2"))
    assert state_of([one, two]) == state_of([two, one])


def test_a_state_tells_a_move_and_an_edit() -> None:
    before = state_of([("a.py", content_hash(b"1"))])
    assert before != state_of([("b.py", content_hash(b"1"))])
    assert before != state_of([("a.py", content_hash(b"2"))])
    assert before != state_of([])
