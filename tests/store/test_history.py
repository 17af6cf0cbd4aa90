"""Commits are followed to the symbols of today, nothing of a repository is run, and caches do no harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from histories import Repository

from isg.store.history import journal, log, making, traces
from isg.store.history.git import answer
from isg.store.revisions import patch_since

ONE = "def one():\n    return 1\n"
TWO = "def two(a, b):\n    total = a + b\n    return total\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "project")


class TestFollowing:
    def test_a_commit_counts_for_what_it_changed(self, repository: Repository) -> None:
        repository.commit({"a.py": ONE + "\n\n" + TWO})
        repository.commit({"a.py": ONE + "\n\n" + TWO.replace("a + b", "b + a")})
        repository.commit({"a.py": ONE.replace("1", "2") + "\n\n" + TWO.replace("a + b", "b + a")})
        assert repository.commits() == {"a": 3, "a.one": 2, "a.two": 2}

    def test_lines_move_when_others_come_and_go(self, repository: Repository) -> None:
        repository.commit({"a.py": TWO})
        repository.commit({"a.py": TWO.replace("a + b", "b + a")})
        repository.commit(
            {"a.py": "import os\nimport sys\n\n\n" + ONE + "\n\n" + TWO.replace("a + b", "b + a")}
        )
        repository.commit({"a.py": ONE + "\n\n" + TWO.replace("a + b", "b + a")})
        assert repository.commits() == {"a": 4, "a.one": 1, "a.two": 2}

    def test_renames_are_followed(self, repository: Repository) -> None:
        repository.commit({"a b.py": ONE + "\n\n" + TWO})
        repository.commit({"a b.py": None, "pkg/ü.py": ONE + "\n\n" + TWO.replace("a + b", "b + a")})
        repository.commit({"pkg/ü.py": None, 'pkg/"x".py': ONE + "\n\n" + TWO.replace("a + b", "b + a")})
        assert repository.commits() == {'pkg."x"': 2, 'pkg."x".one': 1, 'pkg."x".two': 2}

    def test_of_a_file_that_came_back_all_counts_but_what_stands_in_it_is_new(
        self, repository: Repository
    ) -> None:
        repository.commit({"a.py": ONE})
        repository.commit({"a.py": None, "b.py": TWO})
        repository.commit({"a.py": ONE})
        repository.commit({"a.py": None, "c.py": ONE})
        found = repository.commits()
        assert (found["c"], found["c.one"]) == (2, 1)

    def test_layout_does_not_count(self, repository: Repository) -> None:
        repository.commit({"a.py": TWO.replace("\n", "")[:0] + "def f(a):\n    return g(a, 'x')\n"})
        repository.commit({"a.py": 'def f(a):\n    return g(\n        a,\n        "x",\n    )\n'})
        repository.commit({"a.py": 'def f(a):\n\n    return g(\n        a,\n        "x",\n    )\n'})
        assert repository.commits() == {"a": 1, "a.f": 1}

    def test_revisions_that_blame_ignores_do_not_count(self, repository: Repository) -> None:
        repository.commit({"a.py": ONE})
        noisy = repository.commit({"a.py": ONE.replace("one", "uno")})
        repository.commit({".git-blame-ignore-revs": f"# renamed\n{noisy}\n"})
        assert repository.commits() == {"a": 1, "a.uno": 1}

    def test_a_missing_line_break_at_the_end(self, repository: Repository) -> None:
        repository.commit({"a.py": ONE.rstrip("\n")})
        repository.commit({"a.py": (ONE + "\n\n" + TWO).rstrip("\n")})
        repository.commit({"a.py": (ONE + "\n\n" + TWO.replace("a + b", "b + a")).rstrip("\n")})
        assert repository.commits()["a.two"] == 2

    def test_what_is_not_committed_moves_lines_and_counts_nothing(self, repository: Repository) -> None:
        repository.commit({"a.py": ONE + "\n\n" + TWO})
        repository.commit({"a.py": ONE + "\n\n" + TWO.replace("a + b", "b + a")})
        repository.write(
            {"a.py": "import os\n\n\n" + ONE + "\n\n" + TWO.replace("a + b", "0"), "new.py": ONE}
        )
        assert repository.commits() == {"a": 2, "a.one": 1, "a.two": 2, "new": 0, "new.one": 0}

    def test_line_breaks_of_another_system_are_no_change(self, repository: Repository) -> None:
        repository.commit({"a.py": ONE + "\n\n" + TWO})
        repository.write({"a.py": ("import os\n" + ONE + "\n\n" + TWO).replace("\n", "\r\n")})
        assert repository.commits() == {"a": 1, "a.one": 1, "a.two": 1}

    def test_paths_are_below_the_project(self, tmp_path: Path) -> None:
        repository = Repository(tmp_path / "whole", below="sub")
        (repository.top / "b.py").write_text(TWO)
        repository.commit({"a.py": ONE})
        assert repository.commits() == {"a": 1, "a.one": 1}

    def test_since_leaves_out_what_is_older(self, repository: Repository) -> None:
        repository.commit({"a.py": ONE})
        repository.commit({"a.py": ONE.replace("1", "2")})
        history = repository.history()
        assert history is not None
        graph = repository.snapshot().graph
        one = graph.symbol(graph.by_name("one")[0]).id
        assert history.churn(one).commits == 2
        assert history.churn(one, since=history.newest).commits == 1
        assert history.churn(one, since=history.newest).lines == 2

    def test_authors_are_told_apart_by_their_addresses(self, repository: Repository) -> None:
        for number, author in enumerate(("A <a@example.org>", "B <b@example.org>", "Ä Á <A@Example.org>")):
            repository.commit({"a.py": ONE.replace("1", str(number + 2))})
            repository.git("commit", "-q", "--amend", "--no-edit", "--author", author)
        history = repository.history()
        assert history is not None
        assert list(history.authors) == [0, 1, 0]

    def test_a_commit_mends_a_fault_where_its_subject_speaks_of_one(self, repository: Repository) -> None:
        subjects = ("Fixed a crash\n\nText", "Add a prefix\n\nFix nothing", "BUG: of old", "\u00e4 bugfix")
        for number, subject in enumerate(subjects):
            repository.commit({"a.py": ONE.replace("1", str(number + 2))})
            repository.git("commit", "-q", "--amend", "-m", subject)
        history = repository.history()
        assert history is not None
        assert list(history.mends) == [1, 1, 0, 1]

    def test_older_commits_are_read_when_asked_for(self, repository: Repository, monkeypatch) -> None:
        monkeypatch.setattr("isg.store.history.opening.COMMITS", 2)
        for number in range(4):
            repository.commit({"a.py": ONE.replace("1", str(number))})
        assert repository.commits()["a.one"] == 2
        history = repository.history(since=1)
        assert history is not None
        assert len(history) == 4

    def test_a_shallow_clone_does_not_seem_to_add_everything(self, repository: Repository) -> None:
        repository.commit({"a.py": ONE, "b.py": TWO})
        repository.commit({"a.py": ONE.replace("1", "2")})
        repository.commit({"a.py": ONE.replace("1", "3")})
        copy = repository.root.parent / "shallow"
        repository.git("clone", "-q", "--depth=2", f"file://{repository.root}", str(copy))
        assert Repository(copy).commits() == {"a": 1, "a.one": 1, "b": 0, "b.two": 0}


class TestWithoutHistory:
    def test_no_repository(self, tmp_path: Path, monkeypatch) -> None:
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
        repository = Repository(tmp_path / "project").write({"a.py": ONE})
        for inner in sorted((tmp_path / "project" / ".git").rglob("*"), reverse=True):
            inner.rmdir() if inner.is_dir() else inner.unlink()
        (tmp_path / "project" / ".git").rmdir()
        assert repository.history() is None

    def test_no_commit(self, repository: Repository) -> None:
        repository.write({"a.py": ONE})
        assert repository.history() is None

    def test_no_git(self, repository: Repository, tmp_path: Path, monkeypatch) -> None:
        repository.commit({"a.py": ONE})
        monkeypatch.setenv("PATH", str(tmp_path))
        assert repository.history() is None


class TestKeeping:
    def test_only_new_commits_are_read(self, repository: Repository, monkeypatch) -> None:
        repository.commit({"a.py": ONE})
        repository.history()
        asked: list[str] = []

        def noted(root, commits):
            asked.extend(commits)
            return log.changes_of(root, commits)

        monkeypatch.setattr(making, "changes_of", noted)
        repository.history()
        assert asked == []
        newest = repository.commit({"a.py": ONE.replace("1", "2")})
        assert repository.commits()["a.one"] == 2
        assert asked == [newest]

    @pytest.mark.parametrize("name", ["history.image", journal.NAME, traces.NAME])
    @pytest.mark.parametrize("damage", [b"", b"isg journal 1\n", None])
    def test_damage_is_made_good(self, repository: Repository, name: str, damage: bytes | None) -> None:
        repository.commit({"a.py": ONE})
        before = repository.commits()
        path = repository.location.folder / name
        whole = path.read_bytes()
        (repository.location.folder / "history.image").unlink()
        path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]) if damage is None else damage)
        assert repository.commits() == before
        assert path.read_bytes() == whole

    def test_what_is_kept_gives_what_nothing_kept_gives(self, repository: Repository) -> None:
        body = "".join(f"def f{number}(a):\n    return a + {number}\n\n\n" for number in range(6))
        repository.commit({"a.py": body, "b.py": ONE})
        for number in range(4):
            repository.history()
            noisy = repository.commit({"a.py": body.replace(f"a + {number}", "a")})
        repository.commit({".git-blame-ignore-revs": noisy, "b.py": None, "c.py": ONE})
        repository.write({"a.py": "import os\n\n\n" + body})
        repository.history()
        image = repository.location.folder / "history.image"
        kept = image.read_bytes()
        for path in repository.location.folder.glob("history*"):
            path.unlink()
        repository.history()
        assert image.read_bytes() == kept

    def test_another_branch_has_its_own(self, repository: Repository) -> None:
        repository.commit({"a.py": ONE})
        repository.git("checkout", "-q", "-b", "other")
        repository.commit({"a.py": ONE.replace("1", "2")})
        assert repository.commits()["a.one"] == 2
        repository.git("checkout", "-q", "main")
        assert repository.commits()["a.one"] == 1


class TestHostileRepositories:
    def test_nothing_that_is_configured_is_run(self, repository: Repository, tmp_path: Path) -> None:
        repository.commit({"a.py": ONE, ".gitattributes": "*.py diff=evil filter=evil\n"})
        repository.commit({"a.py": ONE.replace("1", "2")})
        repository.snapshot()
        trace = tmp_path / "was-run"
        program = tmp_path / "evil"
        program.write_text(f"#!/bin/sh\ntouch {trace}\ncat\n")
        program.chmod(0o755)
        for setting in (
            "core.fsmonitor", "core.pager", "diff.external", "diff.evil.command", "diff.evil.textconv",
            "filter.evil.clean", "filter.evil.process", "gpg.program", "core.sshCommand", "core.editor",
        ):  # fmt: skip
            repository.git("config", setting, str(program))
        repository.git("config", "log.showSignature", "true")
        repository.write({"a.py": ONE.replace("1", "3")})
        (repository.root / ".git" / "hooks" / "post-index-change").write_bytes(program.read_bytes())
        assert repository.history() is not None
        assert "return 3" in patch_since(repository.root, "HEAD")
        assert not trace.exists()

    def test_the_environment_does_not_lead_elsewhere(self, repository: Repository, monkeypatch) -> None:
        commit = repository.commit({"a.py": ONE})
        monkeypatch.setenv("GIT_DIR", "/nowhere")
        monkeypatch.setenv("GIT_EXTERNAL_DIFF", "/nowhere/program")
        assert answer(repository.root, "rev-parse", "HEAD").decode().strip() == commit

    def test_lines_that_look_like_a_log(self, repository: Repository) -> None:
        tricky = '"""\n@@ -1 +1 @@\ncommit 0000\n-- a/b.py\n++ b/b.py\ndiff --git a/b.py b/b.py\n"""\n'
        repository.commit({"a.py": tricky + ONE, "b.py": TWO})
        repository.commit({"a.py": ONE})
        repository.commit({"a.py": tricky + ONE})
        assert repository.commits() == {"a": 3, "a.one": 1, "b": 1, "b.two": 1}
