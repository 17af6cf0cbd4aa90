"""Which files of a tree are sources, and that everything passed over is said with its reason."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from isg.parsers.discovery import DiscoveryOptions, SkipReason, discover


def draw(root: Path, *paths: str, **texts: str) -> None:
    """Makes files (with nothing in them, but for ``texts`` by path) and folders (paths ending in ``/``)."""
    for path in (*paths, *texts):
        place = root / path
        if path.endswith("/"):
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(texts.get(path, ""))


def files(root: Path, **options: object) -> list[str]:
    return [file.path for file in discover(root, DiscoveryOptions(**options)).files]


def skips(root: Path, **options: object) -> dict[str, str]:
    return {skip.path: str(skip.reason) for skip in discover(root, DiscoveryOptions(**options)).skipped}


def test_sources_are_found_in_path_order(tmp_path: Path) -> None:
    draw(tmp_path, "b.py", "a/z.py", "a/a.pyi", "a-b.py", "notes.md", "SConstruct", ".hidden/tool.py")
    assert files(tmp_path) == [".hidden/tool.py", "SConstruct", "a-b.py", "a/a.pyi", "a/z.py", "b.py"]
    assert {file.language for file in discover(tmp_path).files} == {"python"}


def test_a_file_carries_what_tells_its_changes(tmp_path: Path) -> None:
    draw(tmp_path, **{"a.py": "x = 1\n"})
    status = (tmp_path / "a.py").stat()
    (file,) = discover(tmp_path).files
    assert (file.size, file.mtime_ns, file.ctime_ns, file.inode) == (
        6,
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_ino,
    )


def test_an_empty_tree_has_nothing(tmp_path: Path) -> None:
    assert discover(tmp_path) == type(discover(tmp_path))((), ())


def test_names_may_hold_spaces_and_newlines(tmp_path: Path) -> None:
    draw(tmp_path, "a b/c\nd.py", "ü — €.py")
    assert files(tmp_path) == ["a b/c\nd.py", "ü — €.py"]


def test_a_script_is_known_by_its_first_line_if_it_can_be_run(tmp_path: Path) -> None:
    draw(tmp_path, run="#!/usr/bin/env python3\n", plain="#!/usr/bin/python\n", sh="#!/bin/sh\n")
    (tmp_path / "run").chmod(0o755)
    (tmp_path / "sh").chmod(0o755)
    assert "run" in files(tmp_path)
    assert "sh" not in files(tmp_path)


def test_the_root_must_be_a_folder(tmp_path: Path) -> None:
    draw(tmp_path, "a.py")
    with pytest.raises(NotADirectoryError):
        discover(tmp_path / "a.py")
    with pytest.raises(FileNotFoundError):
        discover(tmp_path / "absent")


class TestIgnoreFiles:
    def test_ignored_files_and_folders_are_skips(self, tmp_path: Path) -> None:
        draw(tmp_path, "keep.py", "made_pb2.py", "out/x.py", "out/y.py", **{".gitignore": "out/\n*_pb2.py\n"})
        assert files(tmp_path) == ["keep.py"]
        assert skips(tmp_path) == {"made_pb2.py": "ignored", "out/": "ignored"}

    def test_only_what_could_be_a_source_is_a_skip(self, tmp_path: Path) -> None:
        draw(tmp_path, "a.log", **{".gitignore": "*.log\n"})
        assert skips(tmp_path) == {}

    def test_a_nested_file_speaks_for_its_folder_and_over_those_above(self, tmp_path: Path) -> None:
        draw(tmp_path, "gen.py", "a/gen.py", "a/b/gen.py", "a/local.py", "local.py")
        draw(
            tmp_path,
            **{".gitignore": "gen.py", "a/.gitignore": "!gen.py\n/local.py", "a/b/.gitignore": "gen.py"},
        )
        assert files(tmp_path) == ["a/gen.py", "local.py"]

    def test_nothing_below_an_ignored_folder_comes_back(self, tmp_path: Path) -> None:
        draw(tmp_path, "out/keep.py", **{".gitignore": "out/\n!out/keep.py"})
        assert files(tmp_path) == []

    def test_a_folder_taken_back_is_entered_whole(self, tmp_path: Path) -> None:
        draw(tmp_path, "sub/build/a.py", "build/b.py", **{".gitignore": "build", "sub/.gitignore": "!build"})
        assert files(tmp_path) == ["sub/build/a.py"]

    def test_everything_but(self, tmp_path: Path) -> None:
        draw(tmp_path, "a.py", "x.pyi", "d/b.py", "d/x.pyi", **{".gitignore": "*\n!*/\n!*.py\n"})
        assert files(tmp_path) == ["a.py", "d/b.py"]

    def test_isgignore_has_the_last_word(self, tmp_path: Path) -> None:
        draw(tmp_path, "a.py", "b.py", "deep/a.py", "deep/b.py")
        draw(
            tmp_path, **{".gitignore": "a.py", ".isgignore": "!a.py\nb.py", "deep/.gitignore": "a.py\n!b.py"}
        )
        assert files(tmp_path) == ["a.py", "deep/a.py"]

    def test_they_can_be_switched_off_and_added_to(self, tmp_path: Path) -> None:
        draw(tmp_path, "a.py", "b.py", **{".gitignore": "a.py"})
        assert files(tmp_path, ignore_files=False) == ["a.py", "b.py"]
        assert files(tmp_path, exclude=("b.py",)) == []

    def test_an_unreadable_one_says_nothing(self, tmp_path: Path) -> None:
        draw(tmp_path, "a.py", ".gitignore/")
        assert files(tmp_path) == ["a.py"]


class TestGitOutsideTheTree:
    @pytest.fixture
    def home(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        draw(tmp_path, "home/")
        monkeypatch.setenv("HOME", str(tmp_path / "home"))
        monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
        return tmp_path / "home"

    def test_the_users_excludes_hold_in_a_clone(self, tmp_path: Path, home: Path) -> None:
        draw(tmp_path, "t/.git/", "t/a.py", "t/mine.py", **{"home/.config/git/ignore": "mine.py"})
        assert files(tmp_path / "t") == ["a.py"]

    def test_they_hold_in_no_other_tree(self, tmp_path: Path, home: Path) -> None:
        draw(tmp_path, "t/a.py", "t/mine.py", **{"home/.config/git/ignore": "mine.py"})
        assert files(tmp_path / "t") == ["a.py", "mine.py"]

    def test_their_place_is_configured(self, tmp_path: Path, home: Path) -> None:
        draw(tmp_path, "t/.git/", "t/a.py", "t/mine.py", **{"home/never": "mine.py"})
        draw(tmp_path, **{"home/.gitconfig": "[user]\nexcludesFile = no\n[core]\n\texcludesFile = ~/never\n"})
        assert files(tmp_path / "t") == ["a.py"]

    def test_a_clone_has_its_own(self, tmp_path: Path, home: Path) -> None:
        draw(tmp_path, "t/a.py", "t/mine.py", **{"t/.git/info/exclude": "/mine.py"})
        assert files(tmp_path / "t") == ["a.py"]

    def test_a_linked_work_tree_has_those_of_its_clone(self, tmp_path: Path, home: Path) -> None:
        draw(
            tmp_path, "main/.git/worktrees/w/", "w/a.py", "w/mine.py", **{"main/.git/info/exclude": "mine.py"}
        )
        draw(tmp_path, **{"w/.git": f"gitdir: {tmp_path}/main/.git/worktrees/w\n"})
        draw(tmp_path, **{"main/.git/worktrees/w/commondir": "../..\n"})
        assert files(tmp_path / "w") == ["a.py"]

    def test_files_above_the_root_hold_in_it(self, tmp_path: Path, home: Path) -> None:
        draw(tmp_path, "t/.git/", "t/in/side/a.py", "t/in/side/b.py", "t/in/side/c.py")
        draw(tmp_path, **{"t/.gitignore": "/in/side/a.py\nb.py\n", "t/in/.gitignore": "!b.py\nside/c.py"})
        assert files(tmp_path / "t/in/side") == ["b.py"]

    def test_git_itself_lists_the_same(self, tmp_path: Path, home: Path) -> None:
        root = tmp_path / "t"
        draw(root, "a.py", "b/a.py", "b/c/d.py", "b/c/e.py", "f g/a.py", "out/x.py", "b/out/keep.py")
        draw(
            root,
            **{".gitignore": "out\n/a.py\n", "b/.gitignore": "!out\n**/e.py\n", "f g/.gitignore": "?.py"},
        )
        subprocess.run(["git", "init", "-q", root], check=True)
        command = ["git", "ls-files", "--others", "--exclude-standard", "*.py"]
        listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
        assert files(root) == sorted(listed.splitlines())


class TestOtherPeoplesFolders:
    def test_installed_packages_are_vendored(self, tmp_path: Path) -> None:
        draw(tmp_path, "a.py", "web/node_modules/m/gyp.py", "lib/site-packages/m.py", "a/_vendor/m.py")
        assert files(tmp_path) == ["a.py", "a/_vendor/m.py"]
        assert skips(tmp_path) == {"lib/site-packages/": "vendored", "web/node_modules/": "vendored"}

    def test_an_environment_is_known_by_what_is_in_it(self, tmp_path: Path) -> None:
        draw(tmp_path, "my env/pyvenv.cfg", "my env/bin/activate_this.py", "conda/conda-meta/", "conda/x.py")
        draw(tmp_path, "venv/really_a_package.py")
        assert files(tmp_path) == ["venv/really_a_package.py"]
        assert skips(tmp_path) == {"conda/": "environment", "my env/": "environment"}

    def test_the_root_may_be_one(self, tmp_path: Path) -> None:
        draw(tmp_path, "pyvenv.cfg", "a.py")
        assert files(tmp_path) == ["a.py"]

    def test_a_submodule_is_skipped_unless_asked_for(self, tmp_path: Path) -> None:
        draw(tmp_path, ".git", "a.py", "sub/.git", "sub/b.py", "clone/.git/", "clone/c.py")
        assert files(tmp_path) == ["a.py", "clone/c.py"]
        assert skips(tmp_path) == {"sub/": "submodule"}
        assert files(tmp_path, submodules=True) == ["a.py", "clone/c.py", "sub/b.py"]

    def test_caches_are_passed_over_without_a_word(self, tmp_path: Path) -> None:
        draw(tmp_path, "__pycache__/a.py", ".tox/x/y.py", ".isg/z.py", ".mypy_cache/b.pyi")
        assert files(tmp_path) == []
        assert skips(tmp_path) == {}


class TestLinks:
    def test_no_link_is_followed(self, tmp_path: Path) -> None:
        draw(tmp_path, "out/x.py", "t/a/b.py")
        root = tmp_path / "t"
        (root / "inside").symlink_to(root / "a")
        (root / "same.py").symlink_to("a/b.py")
        (root / "away").symlink_to(tmp_path / "out")
        (root / "away.py").symlink_to(tmp_path / "out/x.py")
        (root / "notes.md").symlink_to("a/b.py")
        assert files(root) == ["a/b.py"]
        assert skips(root) == {
            "inside/": "symlink",
            "same.py": "symlink",
            "away/": "outside",
            "away.py": "outside",
        }

    def test_loops_and_dead_ends_are_survived(self, tmp_path: Path) -> None:
        draw(tmp_path, "a/b.py")
        (tmp_path / "a/again").symlink_to(tmp_path)
        (tmp_path / "self").symlink_to("self")
        (tmp_path / "dead.py").symlink_to("nowhere.py")
        assert files(tmp_path) == ["a/b.py"]
        assert skips(tmp_path) == {"a/again/": "symlink", "dead.py": "symlink"}

    def test_the_root_may_be_reached_through_one(self, tmp_path: Path) -> None:
        draw(tmp_path, "t/a.py")
        (tmp_path / "link").symlink_to("t")
        assert files(tmp_path / "link") == ["a.py"]


class TestUnfitFiles:
    def test_a_file_over_the_limit_is_skipped_unread(self, tmp_path: Path) -> None:
        draw(tmp_path, "small.py")
        with (tmp_path / "huge.py").open("wb") as file:
            file.truncate(50 * 1024 * 1024)
        assert files(tmp_path) == ["small.py"]
        assert skips(tmp_path) == {"huge.py": "too-large"}
        assert files(tmp_path, size_limit=100 * 1024 * 1024) == ["huge.py", "small.py"]

    @pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
    def test_what_is_no_regular_file_is_never_opened(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.py")
        os.mkfifo(tmp_path / "pipe", 0o777)
        assert skips(tmp_path) == {"pipe.py": "not-a-file"}

    @pytest.mark.skipif(sys.platform != "linux", reason="other file systems refuse such names")
    def test_a_name_that_is_no_text_is_skipped_and_printable(self, tmp_path: Path) -> None:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff.py")).touch()
        assert files(tmp_path) == []
        ((path, reason),) = skips(tmp_path).items()
        assert path.encode() == rb"a\udcff.py"
        assert reason == "unnameable"

    @pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is closed to root")
    def test_a_closed_folder_is_a_skip_and_a_closed_root_an_error(self, tmp_path: Path) -> None:
        draw(tmp_path, "a.py", "closed/b.py")
        (tmp_path / "closed").chmod(0)
        try:
            assert files(tmp_path) == ["a.py"]
            assert skips(tmp_path) == {"closed/": "unreadable"}
            with pytest.raises(PermissionError):
                discover(tmp_path / "closed")
        finally:
            (tmp_path / "closed").chmod(0o700)

    def test_an_unreadable_folder_is_a_skip(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The same for whom nothing is closed."""
        draw(tmp_path, "a.py", "closed/b.py")
        scandir = os.scandir

        def refuse(path: Path) -> object:
            if Path(path).name == "closed":
                raise PermissionError(13, "Permission denied", str(path))
            return scandir(path)

        monkeypatch.setattr(os, "scandir", refuse)
        assert files(tmp_path) == ["a.py"]
        assert skips(tmp_path) == {"closed/": SkipReason.UNREADABLE}


def test_build_files_are_found_beside_sources(tmp_path: Path) -> None:
    draw(tmp_path, "pyproject.toml", "packages/one/setup.cfg", "packages/two/setup.py", "x/requirements.txt")
    found = discover(tmp_path)
    assert [file.path for file in found.build_files] == [
        "packages/one/setup.cfg",
        "packages/two/setup.py",
        "pyproject.toml",
    ]
    assert [file.path for file in found.files] == ["packages/two/setup.py"]


def test_build_files_of_every_language_are_found(tmp_path: Path) -> None:
    plain = ["Cargo.toml", "jsconfig.json", "package.json", "pnpm-workspace.yaml", "tsconfig.json"]
    named = [
        "tsconfig.app.json",
        "web/base.tsconfig.json",
        "tsconfig/base.json",
        "typescript-config/web.json",
    ]
    draw(tmp_path, *plain, *named)
    draw(tmp_path, "node_modules/a/package.json", "package-lock.json", "web/mytsconfig.json", "web/base.json")
    assert [file.path for file in discover(tmp_path).build_files] == sorted(plain + named)


def test_what_other_programs_make_of_sources_is_no_source(tmp_path: Path) -> None:
    draw(tmp_path, "a.js", "core/target/CACHEDIR.TAG", "core/target/debug/out.rs", "web/.next/server/page.js")
    draw(tmp_path, "static/jquery.min.js", "static/vue-min.mjs", ".yarn/releases/yarn.cjs")
    assert files(tmp_path) == ["a.js"]
    assert skips(tmp_path) == {
        ".yarn/": "vendored",
        "core/target/": "generated",
        "static/jquery.min.js": "minified",
        "static/vue-min.mjs": "minified",
    }
