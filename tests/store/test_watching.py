"""Watching a folder: whatever happens to it, a hint comes that leads to the change."""

from __future__ import annotations

import builtins
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from isg.graph.errors import WorkFailed
from isg.store.watching import hints

PATIENCE = 20  # seconds; only ever waited for where something is broken


class Watch:
    """A watch that runs, and all that it has said."""

    def __init__(self, root: Path, poll: float | None = None) -> None:
        self.stop, self.news = threading.Event(), threading.Condition()
        self.said: list[frozenset[str] | None] = []
        self.thread = threading.Thread(target=self._run, args=(root, poll), daemon=True)
        self.thread.start()
        self.until(lambda said: None in said)  # it looks at everything first

    def _run(self, root: Path, poll: float | None) -> None:
        for hint in hints(root, self.stop, lambda message: None, poll):
            with self.news:
                self.said.append(hint)
                self.news.notify_all()

    def until(self, told: Callable[[list[frozenset[str] | None]], bool]) -> None:
        with self.news:
            assert self.news.wait_for(lambda: told(self.said), PATIENCE), self.said

    def leads_to(self, path: str) -> None:
        """A hint since the last call is about the path, or about everything."""
        self.until(lambda said: any(hint is None or path in hint for hint in said))
        with self.news:
            self.said.clear()

    def end(self) -> None:
        self.stop.set()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "pkg").mkdir(parents=True)
    (folder / "a.py").write_text("a = 1\n")
    (folder / "pkg/b.py").write_text("b = 1\n")
    return folder


@pytest.fixture
def watch(root: Path) -> Iterator[Watch]:
    found = Watch(root)
    found.said.clear()
    yield found
    found.end()


def test_edits_additions_and_removals(watch: Watch, root: Path) -> None:
    (root / "a.py").write_text("a = 2\n")
    watch.leads_to("a.py")
    (root / "pkg/new.py").write_text("n = 1\n")
    watch.leads_to("pkg/new.py")
    (root / "pkg/b.py").unlink()
    watch.leads_to("pkg/b.py")


def test_a_rename_leads_to_both_names(watch: Watch, root: Path) -> None:
    (root / "a.py").rename(root / "z.py")
    watch.until(
        lambda said: (
            None in said or {"a.py", "z.py"} <= frozenset[str]().union(*(hint for hint in said if hint))
        )
    )


def test_an_editor_that_writes_through_a_temporary_file(watch: Watch, root: Path) -> None:
    draft = root / ".a.py.swp~"
    draft.write_text("a = 3\n")
    draft.replace(root / "a.py")
    watch.leads_to("a.py")


def test_new_folders_lead_to_what_was_in_them_before_they_were_watched(watch: Watch, root: Path) -> None:
    (root / "x/y/z").mkdir(parents=True)
    (root / "x/y/z/deep.py").write_text("d = 1\n")
    watch.leads_to("x/y/z/deep.py")
    (root / "x/y/z/deep.py").write_text("d = 22\n")
    watch.leads_to("x/y/z/deep.py")


def test_a_folder_moved_away_and_back(watch: Watch, root: Path) -> None:
    (root / "pkg").rename(root.parent / "away")
    watch.leads_to("pkg")
    (root.parent / "away").rename(root / "pkg")
    watch.leads_to("pkg/b.py")
    (root / "pkg/b.py").write_text("b = 4\n")
    watch.leads_to("pkg/b.py")


def test_mass_changes(watch: Watch, root: Path) -> None:
    paths = {f"pkg/m{number}.py" for number in range(1_500)}
    for path in paths:
        (root / path).write_text("m = 1\n")
    watch.until(lambda said: None in said or paths <= {path for hint in said for path in hint or ()})


def test_a_branch_switch(root: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=t", "-c", "user.email=t@t", *arguments],
            cwd=root, check=True, capture_output=True, env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull},
        )  # fmt: skip

    git("init", "-q", "-b", "one")
    git("add", "-A")
    git("commit", "-qm", "one")
    git("checkout", "-qb", "two")
    (root / "a.py").write_text("a = 'two'\n")
    git("commit", "-qam", "two")
    watch = Watch(root)
    watch.said.clear()
    git("checkout", "-q", "one")
    watch.leads_to("a.py")
    watch.end()


def test_a_root_that_is_deleted_and_comes_back(watch: Watch, root: Path) -> None:
    shutil.rmtree(root)
    root.mkdir()
    (root / "again.py").write_text("g = 1\n")
    watch.until(lambda said: bool(said) and said[-1] is None)
    watch.said.clear()
    (root / "again.py").write_text("g = 2\n")
    watch.leads_to("again.py")


def test_a_root_that_another_folder_takes_the_place_of(watch: Watch, root: Path) -> None:
    root.rename(root.with_name("before"))
    (root / "sub").mkdir(parents=True)
    (root / "sub/other.py").write_text("o = 1\n")
    watch.until(lambda said: bool(said) and said[-1] is None)
    watch.said.clear()
    (root / "sub/other.py").write_text("o = 2\n")
    watch.leads_to("sub/other.py")


def test_what_no_walk_enters_is_not_told(watch: Watch, root: Path) -> None:
    for folder in (".isg", ".git", "node_modules", "__pycache__"):
        (root / folder).mkdir()
    for path in (".isg/head", ".git/index", "node_modules/m.js", "notes.txt"):
        (root / path).write_text("x")
    (root / "a.py").write_text("a = 5\n")
    watch.until(lambda said: any(hint and "a.py" in hint for hint in said))
    assert watch.said == [frozenset({"a.py"})] * len(watch.said)


def test_looking_now_and_then_needs_no_library(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name.split(".")[0] == "watchfiles":
            raise ImportError(name)
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(WorkFailed, match="watchfiles") as missing:
        next(hints(root, threading.Event(), lambda message: None))
    assert missing.value.hint is not None and "isg[live]" in missing.value.hint
    watch = Watch(root, poll=0.05)
    watch.said.clear()
    watch.leads_to("a.py")
    watch.end()
