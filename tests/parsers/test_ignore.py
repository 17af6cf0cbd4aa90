"""Ignore rules against the manual's examples, and against git itself on patterns nobody would think of."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isg.parsers.ignore import IgnoreRules, read_ignore_file


def verdict(patterns: str, path: str) -> bool | None:
    """The verdict of patterns (one a line) on a path; a folder's ends in ``/``."""
    bare = path.removesuffix("/")
    return IgnoreRules(patterns.split("\n")).verdict(bare, bare[bare.rfind("/") + 1 :], path.endswith("/"))


@pytest.mark.parametrize(
    ("patterns", "path", "expected"),
    [
        ("build", "build/", True),
        ("build", "a/build", True),
        ("build", "builds", None),
        ("build/", "build/", True),
        ("build/", "build", None),
        ("/build", "a/build", None),
        ("/build", "build", True),
        ("docs/out", "docs/out", True),
        ("docs/out", "a/docs/out", None),
        ("*.gen.py", "a/b.gen.py", True),
        ("*.gen.py", "a/b.py", None),
        ("a*c", "abbc", True),
        ("a*c", "ab/c", None),
        ("a/*.py", "a/b/c.py", None),
        ("**/out", "x/y/out", True),
        ("**/out", "out", True),
        ("a/**", "a/b/c", True),
        ("a/**", "a/", None),
        ("a/**/z", "a/z", True),
        ("a/**/z", "a/b/c/z", True),
        ("x?.py", "xy.py", True),
        ("[a-c].py", "b.py", True),
        ("[!a-c].py", "b.py", None),
        ("[[:digit:]]x", "7x", True),
        ("[open", "[open", None),
        ("*.py\n!keep.py", "keep.py", False),
        ("*.py\n!keep.py", "other.py", True),
        ("!keep.py\n*.py", "keep.py", True),
        ("# comment", "# comment", None),
        ("\\#hash", "#hash", True),
        ("\\!bang", "!bang", True),
        ("trailing   ", "trailing", True),
        ("kept\\ ", "kept ", True),
        ("", "anything", None),
        ("Größe*", "Größe.py", True),
        ("new\\\nline", "line", True),
    ],
)
def test_a_pattern(patterns: str, path: str, expected: bool | None) -> None:
    assert verdict(patterns, path) is expected


def test_rules_of_a_deeper_file_are_about_paths_from_there() -> None:
    rules = IgnoreRules(["/local", "sub/x"], base="a/b/")
    assert rules.verdict("a/b/local", "local", False)
    assert rules.verdict("a/b/sub/x", "x", False)
    assert rules.verdict("a/b/c/local", "local", False) is None


def test_rules_of_a_file_above_the_root_are_about_paths_from_there() -> None:
    rules = IgnoreRules(["project/out"], above="project/")
    assert rules.verdict("out", "out", True)
    assert rules.verdict("in/out", "out", True) is None


def test_an_ignore_file_may_have_a_mark_carriage_returns_and_any_bytes(tmp_path: Path) -> None:
    file = tmp_path / ".gitignore"
    file.write_bytes(b"\xef\xbb\xbffirst\r\n\xff\xfe\r\nlast")
    rules = read_ignore_file(file)
    assert rules is not None
    assert rules.verdict("first", "first", False)
    assert rules.verdict("last", "last", False)


def test_an_ignore_file_that_says_nothing_is_none(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("# nothing\n\n")
    assert read_ignore_file(tmp_path / ".gitignore") is None
    assert read_ignore_file(tmp_path / "absent") is None


ATOMS = r"a b ab a.b * ** ? / / [ab] [!a] [a-c] [^b-] []a] \a \* ! [[:alpha:]] [ ] - [a # *** /**/ **/"
atoms = st.sampled_from([*ATOMS.split(), " "])
# Two stars inside a word: git strips the word first, and then takes them for leading ones.
lines_of_git = st.lists(atoms, min_size=1, max_size=6).map("".join)
patterns = st.lists(
    lines_of_git.filter(lambda line: not re.search(r"[^/!]\*\*", line)), min_size=1, max_size=4
)
paths = st.lists(st.sampled_from(["a", "b", "ab", "a.b", "c", "*", "abc"]), min_size=1, max_size=4).map(
    "/".join
)


@pytest.mark.skipif(shutil.which("git") is None, reason="git says what is right")
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(patterns, st.lists(paths, min_size=1, max_size=6, unique=True), st.booleans())
def test_git_agrees(tmp_path: Path, lines: list[str], asked: list[str], folders: bool) -> None:
    """Git is asked about every path whose ancestors it would enter."""
    with TemporaryDirectory(dir=tmp_path) as tree:
        subprocess.run(["git", "init", "-q", tree], check=True)
        rules = IgnoreRules(lines)
        entered = [path for path in asked if not _has_ignored_ancestor(rules, path)]
        if folders:
            for path in entered:
                Path(tree, path).mkdir(parents=True, exist_ok=True)
        Path(tree, ".gitignore").write_text("\n".join(lines) + "\n")
        command = ["git", "-c", "core.excludesFile=", "check-ignore", "--no-index", "--stdin", "-z"]
        answer = subprocess.run(
            command, cwd=tree, input="\0".join(entered), capture_output=True, text=True, check=False
        )
    ignored = {path for path in answer.stdout.split("\0") if path}
    ours = {path for path in entered if rules.verdict(path, path.split("/")[-1], folders)}
    assert ours == ignored


def _has_ignored_ancestor(rules: IgnoreRules, path: str) -> bool:
    parts = path.split("/")
    ancestors = ["/".join(parts[:n]) for n in range(1, len(parts))]
    return any(rules.verdict(each, each.split("/")[-1], True) for each in ancestors)
