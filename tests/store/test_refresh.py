"""An index after any change is what an index from nothing is, and no failure costs anything."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from indexed_tree import Tree

from isg.graph.errors import IsgError, LockTimeout, NotFound, UsageError, WorkFailed
from isg.store import forking
from isg.store import update as update_module
from isg.store.freshness import is_fresh
from isg.store.head import read_head
from isg.store.linking import ProjectLinking
from isg.store.snapshot import load_graph

EDITS = {
    "a new file": {
        "shop/extra.py": "from shop.cart import Cart\n\n\ndef make():\n    return Cart().total()\n"
    },
    "a new member": {"shop/models.py": "class Item:\n    def price(self) -> str:\n        return ''\n"},
    "a broken file": {"shop/cart.py": "class Cart(:\n    def total(self):\n        return 1\n"},
    "nothing in it": {"shop/cart.py": ""},
    "only a comment": {"shop/__init__.py": "# moved\nfrom shop.models import Item\n"},
    "another name": {"pyproject.toml": '[project]\nname = "store"\n'},
}


def answers(tree):
    return tree.rows(), tree.image()


class TestFirstIndex:
    def test_it_holds_the_project(self, shop) -> None:
        report = shop.index()
        assert report.files.total == report.files.parsed == 4
        assert report.languages == {"python": 4}
        graph = load_graph(shop.location)
        assert graph is not None and graph.project == "shop"
        assert graph.by_key("python:shop.cart.Cart.total") is not None
        assert report.edges["CALLS"] > 0 and report.symbols == graph.symbol_count

    def test_what_is_unfit_is_skipped_and_not_counted_as_parsed(self, shop) -> None:
        shop.write({"shop/blob.py": b"x = 1\0"})
        for parsed in (4, 0):
            files = shop.index().files
            assert (files.total, files.parsed, files.unchanged, files.skipped) == (4, parsed, 4 - parsed, 1)
        head = read_head(shop.location.head)
        assert head is not None and head.indexed == 4

    def test_it_marks_its_folder(self, shop) -> None:
        shop.index()
        folder = shop.location.folder
        assert (folder / ".gitignore").read_text() == "*\n"
        assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")

    def test_workers_make_no_difference(self, shop, tmp_path: Path) -> None:
        shop.index(jobs=2)
        assert answers(shop) == answers(shop.rebuilt(tmp_path / "other"))

    def test_nor_does_it_that_each_file_is_linked_by_another_process(
        self, shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(forking, "_WORTH_FORKING", 0)
        monkeypatch.setattr(forking, "_PIECE", 1)
        forked = list[int]()
        link = forking.link_in_processes

        def counted(project, workers):
            forked.append(workers)
            return link(project, workers)

        monkeypatch.setattr(forking, "link_in_processes", counted)
        shop.index(jobs=2)
        assert forked == [2] or threading.active_count() > 1 or sys.platform != "linux"
        monkeypatch.undo()
        assert answers(shop) == answers(shop.rebuilt(tmp_path / "other"))

    @pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked")
    @pytest.mark.parametrize(
        ("jobs", "lines", "workers"),
        [(None, 10_000, 0), (None, 100_000, 1), (None, 500_000, 4), (2, 100_000, 2), (1, 500_000, 0)],
    )
    def test_a_project_has_the_workers_that_it_is_worth(
        self, monkeypatch: pytest.MonkeyPatch, jobs: int | None, lines: int, workers: int
    ) -> None:
        monkeypatch.setattr(forking, "processors", lambda: 4)
        monkeypatch.setattr(threading, "active_count", lambda: 1)
        assert forking.workers_for(jobs, lines) == workers

    def test_where_it_lies_makes_no_difference(self, shop, tmp_path: Path) -> None:
        shop.index()
        assert answers(shop) == answers(shop.rebuilt(tmp_path / "deep" / "er"))

    def test_a_dry_run_writes_nothing(self, shop) -> None:
        report = shop.index(dry_run=True)
        assert report.files.parsed == 4
        assert not shop.location.folder.exists()


class TestAgain:
    def test_nothing_changed_opens_no_database(self, shop, monkeypatch: pytest.MonkeyPatch) -> None:
        first = shop.index()
        monkeypatch.setattr("isg.store.rewrite.open_record", lambda *_, **__: 1 / 0)
        again = shop.index()
        assert again.files.parsed == 0 and again.files.unchanged == 4
        assert (again.symbols, again.edges, again.state) == (first.symbols, first.edges, first.state)

    @pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
    def test_an_edit_gives_what_a_rebuild_gives(self, shop, tmp_path: Path, edit) -> None:
        shop.index()
        shop.write(edit)
        assert not is_fresh(shop.root, shop.location)
        shop.index()
        assert is_fresh(shop.root, shop.location)
        assert answers(shop) == answers(shop.rebuilt(tmp_path / "other"))

    def test_an_edit_that_moves_no_symbol_does_not_pack_all_again(
        self, shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shop.index()
        text = (shop.root / "shop/models.py").read_text()
        shop.write({"shop/models.py": "# new\n" + text.replace("self.tax() + 1", "Item().tax()")})
        with monkeypatch.context() as patch:
            patch.setattr("isg.graph.patching.pack_graph", lambda *_: 1 / 0)
            assert shop.index().linked > 0
        assert answers(shop) == answers(shop.rebuilt(tmp_path / "other"))

    def test_a_deleted_file_is_gone_with_all_it_said(self, shop, tmp_path: Path) -> None:
        shop.index()
        (shop.root / "shop/cart.py").unlink()
        report = shop.index()
        assert report.files.removed == 1
        assert answers(shop) == answers(shop.rebuilt(tmp_path / "other"))
        owned = {row[2]: row[1] for row in shop.rows()["symbols"]}
        assert owned["python:shop.cart.Cart"] is None, "the test still imports it, from outside now"
        keys = list(owned)
        assert "python:json.dumps" not in keys, "what only it referred to outside is gone too"

    def test_a_renamed_file_is_not_parsed_again(self, shop, tmp_path: Path) -> None:
        shop.index()
        (shop.root / "shop/cart.py").rename(shop.root / "shop/basket.py")
        report = shop.index()
        assert report.files.parsed == 0
        assert answers(shop) == answers(shop.rebuilt(tmp_path / "other"))

    def test_switching_back_parses_nothing(self, shop) -> None:
        shop.index()
        before = answers(shop)
        text = (shop.root / "shop/cart.py").read_text()
        shop.write({"shop/cart.py": "x = 1\n"})
        assert shop.index().files.parsed == 1
        shop.write({"shop/cart.py": text})
        assert shop.index().files.parsed == 0
        assert answers(shop) == before

    def test_only_what_depends_on_the_edit_is_linked(self, shop) -> None:
        shop.index()
        shop.write({"shop/models.py": (shop.root / "shop/models.py").read_text() + "\n# the end\n"})
        assert shop.index().linked == 1

    def test_a_full_run_changes_nothing(self, shop) -> None:
        shop.index()
        before = answers(shop)
        assert shop.index(full=True).linked == 4
        assert answers(shop) == before

    def test_other_versions_link_everything_again(self, shop, monkeypatch: pytest.MonkeyPatch) -> None:
        shop.index()
        for module in ("freshness", "rewrite", "update"):
            monkeypatch.setattr(f"isg.store.{module}.versions", lambda: "newer")
        assert not is_fresh(shop.root, shop.location)
        assert shop.index().linked == 4


def test_versions_name_what_facts_depend_on() -> None:
    """The grammars as well: their versions are read off file names, which must be those of the metadata."""
    from importlib.metadata import version

    from isg.store.versions import versions

    for name in ("tree-sitter", "tree-sitter-language-pack"):
        assert f"{name.replace('-', '_')}-{version(name)}" in versions().split()


class TestFailures:
    @pytest.mark.parametrize("place", ["update._Update._write_project", "relinking.Relinking._write"])
    @pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
    def test_an_interrupted_update_leaves_what_was(self, shop, monkeypatch, place, error) -> None:
        shop.index()
        before, head = answers(shop), read_head(shop.location.head)
        shop.write({"shop/cart.py": "x = 1\n"})

        def interrupt(*_):
            raise error

        with monkeypatch.context() as patch:
            patch.setattr(f"isg.store.{place}", interrupt)
            with pytest.raises(error):
                shop.index()
        assert answers(shop) == before and read_head(shop.location.head) == head
        shop.index()
        assert is_fresh(shop.root, shop.location)

    def test_an_interrupted_first_index_leaves_no_index(self, shop, tmp_path, monkeypatch) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(update_module._Update, "_write_project", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                shop.index()
        assert load_graph(shop.location) is None and not shop.location.database.exists()
        shop.index()
        assert answers(shop) == answers(shop.rebuilt(tmp_path / "other"))

    def test_a_first_index_without_its_image_is_ended_by_the_next(self, shop, tmp_path, monkeypatch) -> None:
        with monkeypatch.context() as patch:
            patch.setattr("isg.store.imaging.pack_graph", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                shop.index()
        assert load_graph(shop.location) is None
        assert shop.index().files.parsed == 0, "the record is whole"
        assert answers(shop) == answers(shop.rebuilt(tmp_path / "other"))

    @pytest.mark.parametrize(
        "place",
        ["imaging.patch_graph", "imaging.write_pieces", "rewrite.write_head", "rewrite.remove_others"],
    )
    def test_a_crash_after_the_commit_is_mended(self, shop, tmp_path, monkeypatch, place) -> None:
        """The record is ahead of the head then: nothing is parsed again, and the answers are right."""
        shop.index()
        shop.write({"shop/cart.py": "x = 1\n"})
        with monkeypatch.context() as patch:
            patch.setattr(f"isg.store.{place}", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                shop.index()
        assert load_graph(shop.location) is not None, "readers have a whole graph all the time"
        assert shop.index().files.parsed == 0
        assert answers(shop) == answers(shop.rebuilt(tmp_path / "other"))

    def test_a_killed_index_leaves_what_was(self, shop, tmp_path: Path) -> None:
        """A process that dies in the middle of its transaction, without a chance to clean up."""
        shop.index()
        before = answers(shop)
        shop.write({"shop/cart.py": "x = 1\n"})
        program = (
            "import os, sys, pathlib\n"
            "from isg.migrations import upgrade\n"
            "from isg.store import update\n"
            "from isg.store.location import locate\n"
            "from isg.store.refresh import RefreshOptions, refresh\n"
            "update._Update._write_project = lambda *_: os._exit(9)\n"
            "root = pathlib.Path(sys.argv[1])\n"
            "refresh(root, locate(root), RefreshOptions(jobs=1), lambda step: None, upgrade)\n"
        )
        done = subprocess.run([sys.executable, "-c", program, str(shop.root)], timeout=60, check=False)
        assert done.returncode == 9
        assert answers(shop) == before
        shop.index()
        assert answers(shop) == answers(shop.rebuilt(tmp_path / "other"))

    def test_a_second_writer_waits_and_says_so(self, shop) -> None:
        shop.index()
        shop.write({"shop/cart.py": "x = 1\n"})
        holder = (
            "import pathlib, sys\n"
            "from isg.store.location import locate\n"
            "from isg.store.lock import writing\n"
            "with writing(locate(pathlib.Path(sys.argv[1])), 0):\n"
            "    print('held', flush=True)\n"
            "    sys.stdin.read()\n"
        )
        command = [sys.executable, "-c", holder, str(shop.root)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdout.readline() == b"held\n"
            with pytest.raises(LockTimeout, match="another process"):
                shop.index(patience=0.1)
            process.stdin.close()
        assert load_graph(shop.location) is not None, "readers do not wait"

    def test_a_full_disk_is_said_and_costs_nothing(self, shop, monkeypatch) -> None:
        shop.index()
        before = answers(shop)
        shop.write({"shop/cart.py": "x = 1\n"})

        def full(*_):
            raise OSError(28, os.strerror(28))

        with monkeypatch.context() as patch:
            patch.setattr("isg.store.imaging.write_pieces", full)
            with pytest.raises(WorkFailed, match="No space left") as caught:
                shop.index()
        assert caught.value.code == "disk-full"
        assert answers(shop)[1] == before[1]
        shop.index()
        assert is_fresh(shop.root, shop.location)

    def test_a_full_database_is_said(self, shop, monkeypatch) -> None:
        shop.index()
        before = answers(shop)
        shop.write({"shop/cart.py": "".join(f"def f{n}():\n    return {n}\n" for n in range(3000))})
        small = ("foreign_keys = ON", "max_page_count = 60")
        with monkeypatch.context() as patch:
            patch.setattr("isg.store.opening.SHARED", small)
            with pytest.raises(WorkFailed, match="No space left"):
                shop.index()
        assert answers(shop) == before

    @pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may write anywhere")
    def test_a_read_only_project_points_elsewhere(self, shop) -> None:
        shop.root.chmod(0o555)
        try:
            with pytest.raises(WorkFailed) as caught:
                shop.index()
        finally:
            shop.root.chmod(0o755)
        assert "--db" in (caught.value.hint or "")

    def test_a_folder_that_cannot_be_made_points_elsewhere(self, shop, monkeypatch) -> None:
        def refuse(*_, **__):
            raise OSError(30, os.strerror(30))

        monkeypatch.setattr(Path, "mkdir", refuse)
        with pytest.raises(WorkFailed, match="Read-only file system") as caught:
            shop.index()
        assert "--db" in (caught.value.hint or "")

    def test_an_index_elsewhere_leaves_the_project_alone(self, shop, tmp_path: Path) -> None:
        tree = Tree(shop.root, tmp_path / "elsewhere")
        tree.index()
        assert not (shop.root / ".isg").exists()
        assert load_graph(tree.location) is not None

    def test_a_folder_of_something_else_is_never_taken(self, shop, tmp_path: Path) -> None:
        (tmp_path / "letters").mkdir()
        letter = tmp_path / "letters" / "store.sqlite"
        letter.write_text("Dear Ada")
        with pytest.raises(UsageError, match="other files"):
            Tree(shop.root, tmp_path / "letters").index()
        with pytest.raises(UsageError, match="is a file"):
            Tree(shop.root, letter).index()
        assert letter.read_text() == "Dear Ada"

    def test_what_is_no_project(self, tmp_path: Path) -> None:
        with pytest.raises(NotFound):
            Tree(tmp_path / "nowhere").index()
        (tmp_path / "file").write_text("")
        with pytest.raises(UsageError, match="not a folder"):
            Tree(tmp_path / "file").index()
        (tmp_path / "empty").mkdir()
        with pytest.raises(WorkFailed, match="no source files"):
            Tree(tmp_path / "empty").index()
        assert not (tmp_path / "empty" / ".isg").exists()

    def test_files_without_sense_are_named(self, shop) -> None:
        shop.write({"shop/odd.py": b"\xff\xfe((((" * 50})
        report = shop.index()
        assert any("shop/odd.py" in warning for warning in report.warnings)
        assert report.files.total == 5
        assert shop.index().diagnostics == report.diagnostics, "said again when nothing changed"
        (shop.root / "shop/odd.py").rename(shop.root / "shop/odder.py")
        assert [each for each in shop.index().diagnostics if each.path == "shop/odder.py"]

    def test_a_tree_without_sense_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(WorkFailed, match="nothing could be understood"):
            Tree(tmp_path).write({"a.py": "((((\n", "b.py": "]]]]\n"}).index()

    def test_a_linker_that_contradicts_itself_is_a_bug_and_costs_nothing(self, shop) -> None:
        shop.index()
        before = answers(shop)
        shop.write({"shop/cart.py": "x = 1\n"})

        class Twice(ProjectLinking):
            def link_all(self, project):
                linked, left = super().link_all(project)
                return (file for each in linked for file in (each, each)), left

        with pytest.raises(sqlite3.IntegrityError):
            shop.index(linking=Twice(), full=True)
        assert answers(shop) == before


class TestDamage:
    def damage(self, path: Path, kind: str) -> None:
        data = path.read_bytes()
        middle = len(data) // 2
        path.write_bytes(
            {
                "truncated": data[:middle],
                "empty": b"",
                "foreign": b"Dear Ada, " * 500,
                "flipped": data[:middle] + bytes([data[middle] ^ 0x55]) + data[middle + 1 :],
                "header": b"\0" * 64 + data[64:],
            }[kind]
        )

    @pytest.mark.parametrize("kind", ["truncated", "empty", "foreign", "flipped", "header"])
    @pytest.mark.parametrize("what", ["head", "image"])
    def test_a_damaged_graph_is_never_read(self, shop, kind, what) -> None:
        shop.index()
        before = answers(shop)
        head = read_head(shop.location.head)
        assert head is not None
        self.damage(shop.location.head if what == "head" else shop.location.folder / head.image.name, kind)
        assert load_graph(shop.location) is None
        shop.index()
        assert answers(shop) == before

    @pytest.mark.parametrize("kind", ["truncated", "empty", "foreign", "header"])
    def test_a_damaged_record_is_made_again(self, shop, tmp_path, kind) -> None:
        shop.index()
        self.damage(shop.location.database, kind)
        shop.write({"shop/cart.py": "x = 1\n"})
        report = shop.index()
        assert report.warnings
        assert answers(shop) == answers(shop.rebuilt(tmp_path / "other"))

    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE file_versions SET facts = x'c1c1'",
            "UPDATE file_versions SET facts = substr(facts, 1, 200) || x'41' || substr(facts, 202)",
            "UPDATE symbols SET kind = 'clasp'",
            "UPDATE symbols SET name = CAST(x'ff' AS TEXT)",
            "UPDATE edges SET sites = x'93'",
            "UPDATE edges SET confidence = 9",
            "UPDATE edges SET confidence = 0",
            "UPDATE symbols SET name = 'other'",
            "DELETE FROM edges",
            "UPDATE analysis_cache SET value = x'c1' WHERE key LIKE 'lookups:%'",
            "DELETE FROM analysis_cache",
            "DELETE FROM projects",
            "DROP TABLE imports",
        ],
    )
    def test_rows_that_make_no_sense_are_made_again(self, shop, tmp_path, change) -> None:
        shop.index()
        with sqlite3.connect(shop.location.database) as connection:
            connection.execute(change)
        connection.close()
        shop.write({"shop/models.py": "class Item:\n    def cost(self) -> int:\n        return 1\n"})
        shop.index()
        assert answers(shop) == answers(shop.rebuilt(tmp_path / "other"))

    def test_tables_of_another_shape_are_made_again(self, shop, tmp_path) -> None:
        shop.index()
        with sqlite3.connect(shop.location.database) as connection:
            connection.execute("ALTER TABLE edges DROP COLUMN sites")
        connection.close()
        shop.write({"shop/cart.py": "x = 1\n"})
        assert shop.index().warnings
        assert answers(shop) == answers(shop.rebuilt(tmp_path / "other"))

    def test_a_lost_record_is_made_again(self, shop) -> None:
        shop.index()
        before = answers(shop)
        shop.location.database.unlink()
        assert not is_fresh(shop.root, shop.location)
        assert shop.index().warnings
        assert answers(shop) == before


class TestFreshness:
    def settle(self, shop) -> None:
        """Wait until no file is racy any more, then take note of it."""
        time.sleep(0.05)
        shop.index()

    def test_a_touched_file_is_fresh_and_noted(self, shop) -> None:
        shop.index()
        self.settle(shop)
        os.utime(shop.root / "shop/cart.py")
        stamp = read_head(shop.location.head).stamp
        assert is_fresh(shop.root, shop.location)
        head = read_head(shop.location.head)
        assert head.stamp > stamp
        assert head.files["shop/cart.py"].mtime_ns == (shop.root / "shop/cart.py").stat().st_mtime_ns

    def test_the_same_size_and_time_do_not_hide_an_edit(self, shop) -> None:
        """Within one tick of the clock nothing but the content tells: git's racy entries."""
        path = shop.root / "shop/cart.py"
        shop.index()
        before = path.stat()
        path.write_bytes(path.read_bytes().replace(b"total", b"tatol"))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert not is_fresh(shop.root, shop.location)

    def test_a_racy_file_is_read_although_its_stat_is_the_same(self, shop, monkeypatch) -> None:
        shop.index()
        head = read_head(shop.location.head)
        racy = [
            path
            for path, stamp in head.files.items()
            if max(stamp.mtime_ns, stamp.ctime_ns) >= head.stamp - 20_000_000
        ]
        assert racy, "the tree was written a moment ago"
        read = []
        from isg.store import freshness

        real = freshness.read_hash
        monkeypatch.setattr(freshness, "read_hash", lambda root, path: read.append(path) or real(root, path))
        assert is_fresh(shop.root, shop.location)
        assert set(racy) <= set(read)

    def test_a_query_beside_a_writer_notes_nothing(self, shop, monkeypatch) -> None:
        shop.index()
        self.settle(shop)
        before = read_head(shop.location.head)
        os.utime(shop.root / "shop/cart.py")
        monkeypatch.setattr("isg.store.lock._try", lambda descriptor: False)
        assert is_fresh(shop.root, shop.location)
        assert read_head(shop.location.head) == before

    def test_settled_files_are_not_read(self, shop, monkeypatch) -> None:
        shop.index()
        self.settle(shop)
        monkeypatch.setattr("isg.store.freshness.read_hash", lambda root, path: 1 / 0)
        assert is_fresh(shop.root, shop.location)

    def test_a_build_file_counts(self, shop) -> None:
        shop.index()
        shop.write({"pyproject.toml": '[project]\nname = "other"\n'})
        assert not is_fresh(shop.root, shop.location)

    def test_a_moved_project_keeps_its_rows(self, shop, tmp_path: Path) -> None:
        shop.index()
        before = answers(shop)
        shop.root.rename(tmp_path / "moved")
        moved = Tree(tmp_path / "moved")
        assert moved.index().files.parsed == 0
        assert answers(moved) == before

    def test_errors_are_all_ours(self, tmp_path: Path) -> None:
        """Whatever a user can cause has a code and a line of its own."""
        with pytest.raises(IsgError) as caught:
            Tree(tmp_path / "absent").index()
        assert caught.value.code and caught.value.message
