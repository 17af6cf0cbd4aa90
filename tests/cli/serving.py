"""Servers as processes, for tests that talk to them."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PATIENCE = 60  # seconds; only ever waited for where something is broken
ISG = (sys.executable, "-m", "isg.cli.main")


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "ISG_DEBUG")}
    return {**kept, "TERM": "xterm", "COLUMNS": "100", **more}


class Served:
    """A server that runs for a project."""

    def __init__(self, root: Path, *options: str, env: Mapping[str, str] | None = None) -> None:
        self.root = root
        self.process = subprocess.Popen(
            [*ISG, "serve", str(root), *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(**(env or {})),
        )  # fmt: skip
        atexit.register(self.process.kill)  # where a test fails before its end
        assert self.process.stdout is not None and self.process.stderr is not None
        self.said = self.process.stdout.readline()
        assert self.said, self.process.stderr.read()

    def end(self) -> tuple[int, str]:
        """The exit status, and what it said on standard error."""
        self.process.terminate()
        _, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, errors


def asked(root: Path, *arguments: str, stdin: bytes = b"", **env: str) -> tuple[int, bytes, bytes]:
    """The status, standard output and standard error of a command run in the folder."""
    done = subprocess.run(
        [*ISG, *arguments],
        cwd=root,
        input=stdin,
        capture_output=True,
        timeout=PATIENCE,
        env=environment(**env),
    )
    return done.returncode, done.stdout, done.stderr


def requests(root: Path) -> int:
    """How many questions the server has been asked."""
    _, out, _ = asked(root, "serve", "--status", "--json")
    return int(json.loads(out)["results"][0]["requests"])
