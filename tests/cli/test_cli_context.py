"""``isg context``: what a question is about by other means than SYMBOL, and how the answer is written."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

PATCH = """\
--- a/shop/storage.py
+++ b/shop/storage.py
@@ -27,2 +27,2 @@
     def load(self, key: str) -> object:
-        return self.data[key]
+        return self.values[key]
"""
TRACE = """\
Traceback (most recent call last):
  File "/srv/shop/storage.py", line 33, in save
    super().save(key, value)
"""


def seeds(outcome) -> list[str]:
    assert outcome.status == 0, outcome.err
    return [each["qualified"] for each in outcome.json["results"] if each["role"] == "seed"]


@pytest.mark.parametrize(
    ("option", "given", "expected"),
    [
        ("--diff", PATCH, ["MemoryStorage.load"]),
        ("--trace", TRACE, ["AuditedStorage.save"]),
        ("--text", "it seems that `Connection.close` lies", ["Connection.close"]),
        ("--text", "see shop/storage.py:28", ["MemoryStorage.load"]),
    ],
)
def test_a_question_can_be_about_what_stands_on_standard_input(isg, shop, option, given, expected) -> None:
    assert seeds(isg("context", option, "-", "--json", stdin=given)) == expected


def test_a_file_serves_as_well_as_standard_input(isg, own_shop) -> None:
    (own_shop / "crash.txt").write_text(TRACE)
    assert seeds(isg("context", "--trace", "crash.txt", "--json")) == ["AuditedStorage.save"]


def test_a_query_is_about_what_it_finds(isg, own_shop) -> None:
    assert "AuditedStorage" in seeds(isg("context", "--query", "where is the audited storage?", "--json"))


def test_all_that_is_given_shares_one_budget(isg, shop) -> None:
    outcome = isg("context", "Order", "--trace", "-", "--budget", "400", "--json", stdin=TRACE)
    assert seeds(outcome) == ["Order", "AuditedStorage.save"]
    assert outcome.json["tokens"] <= 400


@pytest.mark.parametrize(
    ("arguments", "stdin", "status"),
    [
        (["--diff", "-"], "no patch at all", 4),
        (["--trace", "-"], "all is well", 4),
        (["--text", "-"], "nothing of it", 4),
        (["--trace", "nowhere.txt"], "", 4),
        (["--query", "zzzzqqqq"], "", 4),
        (["--diff", "-", "--text", "-"], "", 2),
        ([], "", 2),
        (["log", "--tokenizer", "none-of-that-name"], "", 2),
        (["log", "--tokenizer", "nowhere.json"], "", 2),
    ],
)
def test_what_means_nothing_is_said(isg, own_shop, arguments, stdin, status) -> None:
    outcome = isg("context", *arguments, stdin=stdin)
    assert outcome.status == status
    assert outcome.err.startswith("isg: error: ")


def test_xml_is_well_formed_and_says_what_markdown_does(isg, shop) -> None:
    root = ElementTree.fromstring(isg("context", "Storage.save", "--format", "xml").out)
    assert root.find("file/source").get("name") == "Storage.save"
    assert {each.tag for each in root} <= {"file", "note"}


def test_sources_can_be_left_out_or_numbered(isg, shop) -> None:
    bare = isg("context", "log", "--no-source", "--json").json["results"]
    assert {each["detail"] for each in bare} <= {"signature", "name"}
    assert {each["text"] for each in bare if each["detail"] == "name"} <= {each["name"] for each in bare}
    assert (
        "56 def log(message: str) -> None:\n57     print(message)"
        in isg("context", "log", "--line-numbers").out
    )
