"""Writing the index in a process of its own, so that no question waits while this one is at it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from isg.graph.errors import WorkFailed
from isg.store.location import StoreLocation


def recorder(root: Path, location: StoreLocation) -> Callable[[], None]:
    """A function that brings the index up to date; it raises WorkFailed where that did not work out."""
    command = [sys.executable, "-m", "isg.cli.main", "index", str(root), "--db", str(location.folder), "-q"]

    def record() -> None:
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, capture_output=True, check=False, start_new_session=True
            )
        except OSError as error:
            raise WorkFailed(f"cannot start isg index: {error}") from error
        if done.returncode:
            raise WorkFailed(done.stderr.decode("utf-8", "replace").strip() or "isg index failed")

    return record
