"""Asking git, as a child process, about repositories that nobody vouches for.

A repository's own configuration can name programs: hooks, pagers, external diffs, text converters, signature
checkers, file-system monitors, filters, transports. None of them is run: each command comes with the switches
that turn them off, and those of a history look at objects only, never at the working tree. Missing objects of
a partial clone are not fetched: no protocol is allowed.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

_TIMEOUT = 60.0  # seconds for an answer that is short
_SETTINGS = (
    "core.quotePath=false",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "log.showSignature=false",
    "diff.orderFile=/dev/null",
    "protocol.allow=never",
)
_OURS = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
}
_THEIRS = ("GIT_CEILING_DIRECTORIES", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")


class GitFailed(Exception):
    """There is no git, no repository, or git gave up."""


def answer(root: Path, *arguments: str, settings: Mapping[str, str] | None = None) -> bytes:
    """What git prints about the repository that a folder is in; raises GitFailed."""
    try:
        done = subprocess.run(
            _command(root, arguments),
            env=_environment() | _configured(settings or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitFailed(str(error)) from error
    if done.returncode:
        raise GitFailed(f"git {arguments[0]} ended with {done.returncode}")
    return done.stdout


def unfiltered(root: Path) -> Mapping[str, str]:
    """The settings with which git compares files of the working tree without running a filter of theirs.

    Filters are programs too, and a repository may configure its own. Raises GitFailed.
    """
    listed = answer(root, "config", "--local", "--null", "--name-only", "--list").split(b"\0")
    named = {os.fsdecode(name).rpartition(".")[0] for name in listed if name.startswith(b"filter.")}
    return {
        f"{name}.{setting}": value
        for name in sorted(named)
        for setting, value in (("clean", ""), ("smudge", ""), ("process", ""), ("required", "false"))
    }


@contextmanager
def streamed(root: Path, given: bytes, *arguments: str) -> Iterator[IO[bytes]]:
    """What git prints to this standard input, while it still runs; raises GitFailed, maybe at the end."""
    with TemporaryFile() as questions:  # a pipe would need somebody to fill it meanwhile
        questions.write(given)
        questions.seek(0)
        try:
            process = subprocess.Popen(
                _command(root, arguments),
                env=_environment(),
                stdin=questions,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=1 << 20,
            )
        except OSError as error:
            raise GitFailed(str(error)) from error
        assert process.stdout is not None
        try:
            yield process.stdout
        except BaseException:
            process.kill()
            raise
        finally:
            process.stdout.close()
            status = process.wait()
        if status:
            raise GitFailed(f"git {arguments[0]} ended with {status}")


def _command(root: Path, arguments: Sequence[str]) -> list[str]:
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    return ["git", "--no-pager", *settings, "-C", str(root), *arguments]


def _environment() -> dict[str, str]:
    """Ours, without what a caller's environment tells git to do or to look at."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {name: os.environ[name] for name in _THEIRS if name in os.environ} | _OURS


def _configured(settings: Mapping[str, str]) -> dict[str, str]:
    """Settings whose names may hold any character, as the environment of git."""
    found = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (name, value) in enumerate(settings.items()):
        found[f"GIT_CONFIG_KEY_{number}"] = name
        found[f"GIT_CONFIG_VALUE_{number}"] = value
    return found
