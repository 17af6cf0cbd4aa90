"""The patch since a revision: of tracked files below the root, and errors that say what is missing."""

from __future__ import annotations

import subprocess

import pytest

from isg.graph.errors import NotFound, WorkFailed
from isg.graph.seeds.patches import read_patch
from isg.store.revisions import patch_since


def git(folder, *arguments):
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.py").write_text("a = 1\n")
    (tmp_path / "b.py").write_text("b = 1\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "diff.noprefix", "true")
    git(tmp_path, "config", "diff.external", "false")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "one")
    (tmp_path / "sub" / "a.py").write_text("a = 2\n")
    (tmp_path / "b.py").write_text("b = 2\n")
    return tmp_path


def test_paths_are_those_below_the_root_whatever_git_is_set_to(repository):
    found = read_patch(patch_since(repository / "sub", "HEAD"))
    assert [(each.old, each.new) for each in found] == [("a.py", "a.py")]
    assert len(read_patch(patch_since(repository, "HEAD"))) == 2


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", ""])
def test_unknown_revisions_are_not_found(repository, revision):
    with pytest.raises(NotFound):
        patch_since(repository, revision)


def test_without_git_there_is_nothing_to_compare_with(tmp_path):
    with pytest.raises(WorkFailed):
        patch_since(tmp_path, "HEAD")
