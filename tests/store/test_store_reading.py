"""What queries read beside the graph: sites, source text; and rows as they were written."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from isg.graph.errors import RecordDamaged, WorkFailed
from isg.graph.model import (
    Confidence,
    Edge,
    EdgeKind,
    How,
    LinkedImport,
    LinkedReference,
    Site,
    Symbol,
    SymbolKind,
)
from isg.store import rows
from isg.store.database import reading
from isg.store.head import read_head
from isg.store.location import find_root, locate
from isg.store.references import References
from isg.store.snapshot import load_graph
from isg.store.source import SourceText
from isg.store.tables import edges, symbols


class TestRows:
    def test_a_symbol_survives(self) -> None:
        symbol = Symbol(
            id=2**62,
            key="python:a.B.c~2",
            kind=SymbolKind.PROPERTY,
            name="c",
            qualified="B.c",
            language="python",
            file="a b/ü.py",
            line=3,
            column=5,
            start_line=2,
            end_line=9,
            parent=7,
            signature="def c(self) -> 'x\0y'",
            doc="…",
            visibility="protected",
            modifiers=("property", "abstract"),
            complexity=4,
            statements=2,
            is_test=True,
            signature_hash=b"\0" * 8,
            body_hash=b"\xff" * 8,
        )
        assert rows.symbol_of(rows.symbol_row(symbol, 1), symbol.file) == symbol

    def test_an_edge_survives(self) -> None:
        edge = Edge(
            EdgeKind.IMPL, How.STRUCTURAL, Confidence.DISPATCH, 1, 2**62, "a.py", (Site(1, 2), Site(3, 400))
        )
        assert rows.edge_of(rows.edge_row(edge, 5, 0), "a.py") == edge

    def test_a_reference_survives(self) -> None:
        one = LinkedReference(
            1, None, "save", 3, 4, "call", "attribute", 2, "unresolved", Confidence.GUESS, True, False
        )
        (row,) = rows.reference_rows([msgspec.structs.astuple(one)], 5)
        assert self.columns("references", row) == msgspec.structs.asdict(one)

    def test_an_import_survives(self) -> None:
        one = LinkedImport(1, 2, "a.b", "c", "d", 3, "lazy", True, False)
        (row,) = rows.import_rows([one], 5)
        assert self.columns("imports", row) == msgspec.structs.asdict(one)

    @staticmethod
    def columns(table: str, row: rows.Row) -> dict[str, object]:
        """What a row says by the names of fields, without whose it is."""
        _, _, *names = rows.COLUMNS[table]
        fields = (name.removesuffix("_id").removeprefix("is_").replace("async", "is_async") for name in names)
        return dict(zip(fields, row[2:], strict=True))

    def test_the_record_holds_what_the_graph_holds(self, shop) -> None:
        shop.index()
        graph = load_graph(shop.location)
        assert graph is not None
        with reading(shop.location) as connection:
            ids = {row[0] for row in connection.execute(select(symbols.c.id))}
            stated = connection.execute(select(edges.c.source_id, edges.c.target_id)).all()
        assert ids == {symbol.id for symbol in graph.symbols()}
        assert {tuple(row) for row in stated} == {
            (graph.symbol(graph.arc_source[arc]).id, graph.symbol(graph.arc_target[arc]).id)
            for arc in range(graph.edge_count)
        }

    def test_rows_go_with_their_file(self, shop) -> None:
        shop.index()
        before = shop.rows()
        owner = next(row[0] for row in before["files"] if row[2] == "shop/cart.py")
        with reading(shop.location) as connection:
            connection.exec_driver_sql("DELETE FROM files WHERE id = ?", (owner,))
            for name, column in {"symbols": 1, "edges": 0, "references": 0, "imports": 0}.items():
                assert any(row[column] == owner for row in before[name])
                marker = "file_id"
                left = connection.exec_driver_sql(
                    f'SELECT count(*) FROM "{name}" WHERE {marker} = ?', (owner,)
                ).scalar()
                assert left == 0, name
            connection.rollback()


class TestReferences:
    def test_unresolved_sites_are_found_by_name(self, shop) -> None:
        shop.index()
        (site,) = References(shop.location).unresolved(["flush"])
        assert (site.file, site.line, site.role, site.source) == (
            "shop/cart.py",
            14,
            "call",
            "python:shop.cart.Cart.dump",
        )
        assert References(shop.location).unresolved(["total", "nowhere"]) == ()

    def test_sites_within_a_symbol(self, shop) -> None:
        shop.index()
        (site,) = References(shop.location).within("python:shop.cart.Cart.total", "price")
        assert site.outcome == "project" and site.target is not None
        assert References(shop.location).to(site.target) == (site,)
        assert site in References(shop.location).in_file("shop/cart.py")

    def test_coverage_counts_each_call_once(self, shop) -> None:
        shop.index()
        coverage = References(shop.location).coverage()
        calls = [
            site
            for path in ("shop/cart.py", "shop/models.py", "shop/__init__.py", "tests/test_cart.py")
            for site in References(shop.location).in_file(path)
            if site.role == "call"
        ]
        assert coverage.total.calls == len({(site.file, site.line, site.column) for site in calls})
        assert coverage.total.unresolved == 1
        assert coverage.by_file[0].name == "shop/cart.py", "worst first"

    def test_a_record_that_was_seen_whole_is_looked_at_again_once_it_is_touched(
        self, shop, monkeypatch
    ) -> None:
        monkeypatch.setattr("isg.store.ticks.TICK", 0)
        shop.index()
        location, head = locate(shop.root), read_head(locate(shop.root).head)
        for _ in range(2):
            with reading(location, head):
                pass
            monkeypatch.setattr("isg.store.seals._opened", None)  # not called for the second one
        monkeypatch.undo()
        before = location.database.stat()
        data = bytearray(location.database.read_bytes())
        data[-1] ^= 1
        location.database.write_bytes(data)
        os.utime(location.database, ns=(before.st_atime_ns, before.st_mtime_ns))
        with pytest.raises(RecordDamaged), reading(location, head):
            pass

    def test_a_damaged_record_is_said(self, shop) -> None:
        shop.index()
        shop.location.database.write_bytes(b"Dear Ada, " * 500)
        with pytest.raises(WorkFailed, match="cannot read"):
            References(shop.location).coverage()


class TestSource:
    def test_a_symbol_is_its_lines(self, shop) -> None:
        shop.index()
        graph = load_graph(shop.location)
        node = graph.by_key("python:shop.models.Item.tax")
        source = SourceText(shop.root, read_head(shop.location.head))
        assert source.of(graph.symbol(node)) == "    def tax(self) -> int:\n        return 2"
        assert source.line("shop/models.py", 1) == "from typing import Protocol"
        assert source.line("shop/models.py", 1000) is None

    def test_other_content_than_indexed_is_never_shown(self, shop) -> None:
        shop.index()
        shop.write({"shop/models.py": "# something else\n"})
        assert SourceText(shop.root, read_head(shop.location.head)).line("shop/models.py", 1) is None
        assert SourceText(shop.root, read_head(shop.location.head)).line("../secret", 1) is None

    def test_what_was_kept_is_shown_as_long_as_the_file_is_as_it_was(self, shop) -> None:
        shop.index()
        head = read_head(shop.location.head)
        assert head is not None
        long_after = msgspec.structs.replace(head, stamp=head.stamp + 3_600_000_000_000)  # nothing is racy
        assert SourceText(shop.root, head).line("shop/models.py", 1) is not None
        assert SourceText(shop.root, long_after).line("shop/models.py", 1) is not None
        text = (shop.root / "shop/models.py").read_text()
        shop.write({"shop/models.py": text.replace("2", "3")})  # of the same size
        changed = SourceText(shop.root, long_after)
        assert changed.line("shop/models.py", 1) is None
        assert changed.changed == {"shop/models.py"}

    def test_line_ends_of_any_system(self, shop) -> None:
        shop.write({"shop/odd.py": b"\xef\xbb\xbfx = 1\r\ny = '\xff\x0c'\r\n"})
        shop.index()
        source = SourceText(shop.root, read_head(shop.location.head))
        assert source.line("shop/odd.py", 1) == "x = 1"
        assert source.line("shop/odd.py", 2) == "y = '\ufffd\x0c'"


class TestRoot:
    def test_the_nearest_index_wins(self, tmp_path: Path, shop) -> None:
        shop.index()
        (shop.root / ".git").mkdir()
        assert find_root(shop.root / "shop") == shop.root
        (tmp_path / "other" / "deep").mkdir(parents=True)
        (tmp_path / "other" / "pyproject.toml").write_text("")
        assert find_root(tmp_path / "other" / "deep") == tmp_path / "other"

    def test_a_given_folder_is_taken_as_it_is(self, tmp_path: Path) -> None:
        assert locate(tmp_path, tmp_path / "a" / ".." / "b").folder == tmp_path / "b"
