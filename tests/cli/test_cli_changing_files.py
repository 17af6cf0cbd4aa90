"""Files that change while a question about them is answered: old text is never shown, and that is said."""

from __future__ import annotations

from isg.store.source import SourceText

TREE = "--- a.py\ndef first():\n    return second()\n\n\ndef second():\n    return 1\n"


def test_text_that_is_not_what_was_indexed_is_left_out_and_that_is_said(isg, tree) -> None:
    root = tree(TREE)
    isg("index")
    (root / "a.py").write_text("# moved\n" + (root / "a.py").read_text())
    outcome = isg("context", "first", "--stale", "ignore", "--json")
    assert not any("return" in result["text"] for result in outcome.json["results"])
    (warning,) = outcome.json["warnings"]
    assert warning["code"] == "stale" and "a.py has changed" in warning["message"]


def test_a_file_that_changes_in_the_middle_is_indexed_again(isg, tree, monkeypatch) -> None:
    root = tree(TREE)
    isg("index")
    find, left = SourceText._find, iter([True])

    def changing(self, path: str):
        if next(left, False):
            (root / "a.py").write_text("# moved\n" + (root / "a.py").read_text())
        return find(self, path)

    monkeypatch.setattr(SourceText, "_find", changing)
    outcome = isg("context", "first", "--json")
    assert outcome.json["warnings"] == []
    seed = outcome.json["results"][0]
    assert "return second()" in seed["text"] and seed["line"] == 2
