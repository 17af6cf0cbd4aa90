"""blast-radius about a known change: patches, new signatures, and tests for their runners."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest


@pytest.fixture
def edited(own_shop: Path) -> Path:
    """The shop under git, with one signature and one body changed since the last commit."""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", str(own_shop)]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "first"]):
        subprocess.run([*git, *arguments], check=True, timeout=60)
    storage = own_shop / "shop/storage.py"
    text = storage.read_text()
    text = text.replace("def log(message: str)", "def log(message: str, level: int)")
    storage.write_text(text.replace('log("shut")', 'log("shut", 1)'))
    return own_shop


def test_a_patch_says_which_calls_its_new_signatures_break(isg, edited: Path) -> None:
    answer = isg("blast-radius", "--diff", "HEAD", "--json").json
    assert (answer["breaking"], answer["call_sites"]) == (2, 3)
    broken = {result["qualified"]: result["sites"] for result in answer["results"] if "sites" in result}
    assert set(broken) == {"AuditedStorage.save", "Connection.close"}
    assert {site["why"] for sites in broken.values() for site in sites} == {"no argument for `level`"}


def test_a_patch_is_read_from_standard_input_and_before_it_is_applied(isg, edited: Path) -> None:
    patch = subprocess.run(
        ["git", "-C", str(edited), "diff"], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    applied = isg("blast-radius", "--diff", "-", "--json", stdin=patch).json
    subprocess.run(["git", "-C", str(edited), "checkout", "-q", "."], check=True, timeout=60)
    before = isg("blast-radius", "--diff", "-", "--json", stdin=patch).json
    assert (before["breaking"], before["call_sites"]) == (3, 3)
    assert applied["breaking"] == 2


def test_a_change_of_form_alone_reaches_nothing(isg, own_shop: Path) -> None:
    patch = (
        "--- a/shop/storage.py\n+++ b/shop/storage.py\n@@ -43,1 +43,2 @@\n def log(message: str) -> None:\n"
    )
    text = (own_shop / "shop/storage.py").read_text().split("\n")
    line = text.index("def log(message: str) -> None:") + 1
    patch = patch.replace("43", str(line)) + "+    # a remark\n"
    answer = isg("blast-radius", "--diff", "-", "--json", stdin=patch).json
    assert answer["results"] == []


def test_every_test_is_called_for_where_a_file_changed_that_isg_does_not_see_into(isg, edited: Path) -> None:
    (edited / "Makefile").write_text("all:\n")
    subprocess.run(["git", "-C", str(edited), "add", "-N", "Makefile"], check=True, timeout=60)
    answer = isg("blast-radius", "--diff", "HEAD", "--tests", "--json").json
    assert len(answer["results"]) == answer["tests"] == 2
    assert [notice["code"] for notice in answer["warnings"]] == ["unseen", "everything"]


@pytest.mark.parametrize(
    ("runner", "lines"),
    [
        ("files", ["tests/test_orders.py"]),
        ("pytest", ["tests/test_orders.py::test_discount", "tests/test_orders.py::test_checkout"]),
        ("cargo", ["--", "--exact"]),
        ("vitest", ["tests/test_orders.py", "-t", "test_discount|test_checkout"]),
    ],
)
def test_tests_are_printed_for_their_runner(isg, shop: Path, runner: str, lines: list[str]) -> None:
    printed = isg("blast-radius", "Order.total", "--tests", "--as", runner).out.splitlines()
    assert printed[: len(lines)] == lines


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["log", "--change", "colour"], "--change cannot be 'colour'"),
        (["log", "--change", "body", "--to", "f(a)"], "--to is a new signature"),
        (["log", "--to", "f"], "no parameter list"),
        (["log", "--diff", "HEAD"], "--diff says itself what changes"),
        (["log", "--change", "body", "--kinds", "calls"], "says itself which edges count"),
        (["log", "--as", "pytest"], "--as is for --tests"),
        (["log", "--tests", "--as", "junit"], "--as cannot be 'junit'"),
        (["log", "--tests", "--share", "0"], "--share must be from 1 to 100"),
    ],
)
def test_options_that_do_not_go_together(isg, shop: Path, arguments: list[str], message: str) -> None:
    outcome = isg("blast-radius", *arguments)
    assert outcome.status == 2 and message in outcome.err


def test_a_text_that_is_no_patch_is_wrong_usage(isg, shop: Path) -> None:
    assert isg("blast-radius", "--diff", "-", stdin="hello\n").status == 2
    assert isg("blast-radius", "--diff", "-", stdin="").status == 0


def test_a_call_on_an_unknown_receiver_is_of_the_type_that_it_is_called_like(isg, tree) -> None:
    tree("""--- m.py
class Shell:
    def fetch(self, url): ...
class Downloader:
    def fetch(self, request): ...
def loads(downloader, it):
    downloader.fetch(1)
def asks(downloader, it):
    it.fetch(1)
""")
    answer = isg("blast-radius", "m.Shell.fetch", "--change", "signature", "--depth", "1", "--json").json
    assert [(result["name"], result["confidence"]) for result in answer["results"]] == [("asks", "guess")]
