"""A cold query loads only what it needs: start-up is most of what a user waits for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROBE = """
import sys
from isg.cli.main import run
status = run(sys.argv[1:])
loaded = {name.partition(".")[0] for name in sys.modules}
loaded |= {".".join(name.split(".")[:4]) for name in sys.modules if name.startswith("isg.")}
print("\\n".join(sorted(loaded)), file=sys.stderr)
sys.exit(status)
"""
HEAVY = {
    "sqlalchemy",
    "alembic",
    "mako",
    "rich",
    "pydantic",
    "tree_sitter",
    "tree_sitter_language_pack",
    "numpy",
}


def loaded(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["callers", "--help"]])
def test_help_loads_no_machinery(arguments: list[str]) -> None:
    modules = loaded(*arguments)
    assert not modules & (HEAVY | {"rustworkx", "isg.store.refresh"})


@pytest.mark.parametrize(
    "query",
    [
        "who-implements Storage",
        "blast-radius Storage.save",
        "callers log --json",
        "symbols total",
        "show log",
        "context log",
        "export --format jsonl",
    ],
)
def test_a_query_of_a_fresh_index_loads_no_database(shop, query: str) -> None:
    modules = loaded(*query.split())
    assert not modules & (HEAVY | {"isg.store.refresh", "isg.migrations", "isg.parsers.python"})


def test_an_edit_is_indexed_without_what_makes_tables(tmp_path: Path) -> None:
    source = tmp_path / "a.py"
    source.write_text("x = 1\n")
    loaded("index", str(tmp_path))
    source.write_text("x = 2\n")
    modules = loaded("index", str(tmp_path))
    assert "isg.store.update" in modules
    assert not modules & {"sqlalchemy", "alembic", "isg.migrations.run", "isg.store.tables"}


def test_a_command_loads_no_other_command(shop) -> None:
    assert {name for name in loaded("callers", "log") if name.startswith("isg.cli.commands.")} == {
        "isg.cli.commands.callers"
    }
