"""Rows as a CSV file, which is how some engines load fastest."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def csv_of(rows: Iterable[Sequence[Any]]) -> Iterator[Path]:
    """A file that goes away afterwards."""
    with tempfile.TemporaryDirectory(prefix="isg-storage-") as folder:
        path = Path(folder) / "rows.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        yield path
