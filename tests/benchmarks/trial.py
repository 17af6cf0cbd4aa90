"""A small project to treat badly: its states, what isg answers about each, and asking in own processes.

Every state differs from the plain one by one definition that bears another name, so that a look at several
states at once shows: who mentions it is in other files than it is.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import pkgutil
import re
import shutil
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"
QUESTIONS = (
    ("export", "--what", "symbols", "--format", "jsonl"),
    ("export", "--what", "edges", "--format", "jsonl"),
    ("coverage", "--format", "json"),
    ("find-cycles", "--level", "function", "--format", "json"),
    ("refs", "--unresolved", "total", "--format", "json"),
    ("context", "Order", "--all", "--format", "json"),
    ("hotspots", "--format", "json"),
)
_DEFINITION = re.compile(rb"^ *(?:async )?def ([a-z]\w{3,})\(", re.MULTILINE)
_MENTION = re.compile(rb"\b[a-z]\w{3,}\b")
_SIGNALLED = 128
_BUG = 70


@dataclass(frozen=True)
class Outcome:
    """What a command gave; its status is 128 and the signal where one ended it."""

    status: int
    output: bytes
    errors: str


Answers = Mapping[tuple[str, ...], bytes]


class Project:
    """A tree, its states, and the index of it."""

    def __init__(self, root: Path, states: int) -> None:
        self.root = root
        self.plain = {path: path.read_bytes() for path in sorted(root.rglob("*.py"))}
        self.changes: tuple[dict[Path, bytes], ...] = ({}, *_renamings(self.plain, states - 1))
        self._present: dict[Path, bytes] = {}

    @property
    def index(self) -> Path:
        return self.root / ".isg"

    @property
    def states(self) -> range:
        return range(len(self.changes))

    def become(self, state: int) -> None:
        """Bring the tree to a state; one look at it in between sees the plain one."""
        self._become(self.changes[state])

    def _become(self, wanted: dict[Path, bytes]) -> None:
        for path in self._present.keys() - wanted.keys():
            self._replace(path, self.plain[path])
        for path, content in wanted.items():
            self._replace(path, content)
        self._present = wanted

    def _replace(self, path: Path, content: bytes) -> None:
        draft = self.root.with_name("draft")
        draft.write_bytes(content)
        draft.replace(path)

    def ask(self, *arguments: str) -> Outcome:
        """Run a command of isg about the project, in a process forked from this one."""
        return self.start(*arguments).wait()

    def start(self, *arguments: str) -> Started:
        """The same without waiting for its end."""
        return Started(*arguments, "-C", str(self.root))

    def answers(self, *options: str) -> dict[tuple[str, ...], bytes]:
        """What every question gives; raises AssertionError where one fails."""
        found = {}
        for question in QUESTIONS:
            outcome = self.ask(*question, *options)
            assert outcome.status == 0, (question, outcome.status, outcome.errors)
            found[question] = outcome.output
        return found

    def rebuilt_answers(self) -> dict[tuple[str, ...], bytes]:
        """The same from an index made from nothing in another folder."""
        with tempfile.TemporaryDirectory(prefix="isg-rebuilt-") as folder:
            return self.answers("--db", folder)

    def expected(self) -> list[Answers]:
        """What is right in each state."""
        found = self._rebuilt(self.changes)
        assert all(one != other for n, one in enumerate(found) for other in found[:n]), "states look alike"
        return found

    def torn(self) -> list[Answers]:
        """What is right where a file was read before the tree went to another state, and one after that."""
        pairs = itertools.combinations(self.changes[1:], 2)
        return self._rebuilt(one | other for one, other in pairs if one.keys().isdisjoint(other))

    def _rebuilt(self, changes: Iterable[dict[Path, bytes]]) -> list[Answers]:
        found: list[Answers] = []
        for wanted in changes:
            self._become(wanted)
            found.append(self.rebuilt_answers())
        self.become(0)
        return found


@contextlib.contextmanager
def project(states: int, trees: Sequence[Path] = ()) -> Iterator[Project]:
    """A project of the examples, or of given trees; it goes away afterwards."""
    with tempfile.TemporaryDirectory(prefix="isg-trial-") as folder:
        root = Path(folder).resolve() / "project"
        for name, tree in _parts(trees):
            shutil.copytree(tree, root / name, ignore=shutil.ignore_patterns(".*", "__pycache__"))
        yield Project(root, states)


def _parts(trees: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    for tree in trees or (EXAMPLES / "depot", EXAMPLES / "shop"):
        yield tree.resolve().name, tree


def _renamings(files: Mapping[Path, bytes], count: int) -> Iterator[dict[Path, bytes]]:
    """Changes that each give one much-mentioned definition another name, where it is defined only."""
    mentioned = Counter(name for content in files.values() for name in set(_MENTION.findall(content)))
    defined = Counter(name for content in files.values() for name in set(_DEFINITION.findall(content)))
    places = {name: path for path in files for name in _DEFINITION.findall(files[path]) if defined[name] == 1}
    names = sorted(places, key=lambda name: (-mentioned[name], name))[:count]
    for name in names:
        path = places[name]
        yield {path: re.sub(rb"\bdef %b\(" % name, b"def renamed_%b(" % name, files[path])}


class Started:
    """A command line of isg at work, in a forked process that leads a group of its own."""

    def __init__(self, *arguments: str) -> None:
        self._output, self._errors = tempfile.TemporaryFile(), tempfile.TemporaryFile()  # noqa: SIM115 - wait() closes
        self._ended: int | None = None
        self.pid = os.fork()
        if self.pid == 0:
            os.setpgid(0, 0)
            _become_command(arguments, self._output.fileno(), self._errors.fileno())

    def running(self) -> bool:
        if self._ended is None:
            found, ended = os.waitpid(self.pid, os.WNOHANG)
            self._ended = ended if found else None
        return self._ended is None

    def wait(self) -> Outcome:
        """What it gave, once it has ended."""
        if self._ended is None:
            self._ended = os.waitpid(self.pid, 0)[1]
        status = os.waitstatus_to_exitcode(self._ended)
        with self._output as output, self._errors as errors:
            output.seek(0)
            errors.seek(0)
            said = errors.read().decode(errors="replace")
            return Outcome(_SIGNALLED - status if status < 0 else status, output.read(), said)


def _become_command(arguments: Sequence[str], output: int, errors: int) -> None:
    """Be the command to the end of this process."""
    try:
        os.dup2(output, 1)
        os.dup2(errors, 2)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
        sys.argv = ["isg", *arguments]
        from isg.cli.main import main

        main()
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(_BUG)


def warm_up() -> None:
    """Import here what every command would import by itself."""
    for room in ("cli", "graph", "migrations", "parsers", "store"):
        package = import_module(f"isg.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".versions" not in module.name and not module.name.endswith(".env"):  # these need a database
                import_module(module.name)


def differing(answers: Answers, expected: Answers) -> list[str]:
    """The questions that are answered otherwise."""
    return [" ".join(question) for question in expected if answers.get(question) != expected[question]]
