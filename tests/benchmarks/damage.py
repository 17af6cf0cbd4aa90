"""Random damage to an index: whatever happens to its files, what isg answers is right, or said to be none.

Each round starts from a whole index, damages one file of it (or several), sometimes edits the tree, and asks;
then edits and asks again. A round is *right* where all answers are those of an index from nothing, *mended*
where isg said besides that it had made something again, *refused* where it ended with a message and a hint.
Anything else is a fault: a wrong answer, a traceback, a signal.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from trial import QUESTIONS, Answers, Outcome, Project, project, warm_up

STALE, REFUSED = 5, 6
KINDS = ("flipped", "page", "truncated", "empty", "foreign", "other", "older", "gone", "swapped")


class Damage:
    """Ways to damage a file of an index; ``other`` holds whole indexes of another project and state."""

    def __init__(self, chance: random.Random, others: dict[str, Path]) -> None:
        self.chance = chance
        self.others = others

    def strike(self, kind: str, path: Path) -> None:
        getattr(self, f"_{kind}")(path)

    def _change(self, path: Path, change: Callable[[bytearray], bytes | bytearray]) -> None:
        path.write_bytes(change(bytearray(path.read_bytes())))

    def _flipped(self, path: Path) -> None:
        def flip(data: bytearray) -> bytearray:
            for _ in range(self.chance.choice((1, 1, 4, 64)) if data else 0):
                data[self.chance.randrange(len(data))] ^= 1 << self.chance.randrange(8)
            return data

        self._change(path, flip)

    def _page(self, path: Path) -> None:
        """A block of the disk that comes back empty, or as noise."""

        def blank(data: bytearray) -> bytearray:
            start = self.chance.randrange(max(1, len(data))) // 4096 * 4096
            length = min(4096, len(data) - start)
            data[start : start + length] = self.chance.choice((bytes(length), self.chance.randbytes(length)))
            return data

        self._change(path, blank)

    def _truncated(self, path: Path) -> None:
        self._change(path, lambda data: data[: self.chance.randrange(max(1, len(data)))])

    def _empty(self, path: Path) -> None:
        path.write_bytes(b"")

    def _foreign(self, path: Path) -> None:
        path.write_bytes(self.chance.randbytes(self.chance.choice((10, 5_000, 100_000))))

    def _other(self, path: Path) -> None:
        """The file of another project."""
        self._taken(path, self.others["project"])

    def _older(self, path: Path) -> None:
        """The file of an earlier state, as a backup that was played back."""
        self._taken(path, self.others["state"])

    def _taken(self, path: Path, index: Path) -> None:
        files = [found for found in _files(index) if _part(found) == _part(path)]
        if files:
            shutil.copyfile(files[0], path)

    def _gone(self, path: Path) -> None:
        path.unlink()

    def _swapped(self, path: Path) -> None:
        """Two files in each other's place."""
        other = self.chance.choice(_files(path.parent))
        first, second = path.read_bytes(), other.read_bytes()
        path.write_bytes(second)
        other.write_bytes(first)


def _files(index: Path) -> list[Path]:
    """The parts of an index, and of the states of before that it keeps."""
    return sorted(path for path in index.rglob("*") if _part(path))


def _part(path: Path) -> str:
    """Which part of an index a file is; empty for what means nothing."""
    if path.suffix == ".image":
        return "image"
    return path.name if path.name.startswith(("head", "store.sqlite")) else ""


class Round:
    """One index, damaged and asked."""

    def __init__(self, tree: Project, expected: list[Answers], chance: random.Random) -> None:
        self.tree = tree
        self.expected = expected
        self.chance = chance
        self.mended = self.refused = False
        self.faults: list[str] = []

    def run(self) -> str:
        """What became of it."""
        first = self.chance.choice(("ask", "ask", "edit", "index", "full", "gc", "verify"))
        state = self.chance.choice(self.tree.states[1:]) if first == "edit" else 0
        self.tree.become(state)
        if first not in ("ask", "edit"):
            self._prepare(first)
        self._ask(state)
        if not self.refused:
            later = self.chance.choice([each for each in self.tree.states if each != state])
            self.tree.become(later)
            self._ask(later)
        if self.faults:
            return "FAULT"
        return "refused" if self.refused else "mended" if self.mended else "right"

    def _prepare(self, first: str) -> None:
        """Run another command before the questions; `gc` may decline, which is no answer to anything."""
        commands = {"full": ("index", "--full"), "verify": ("verify", "--repair")}
        outcome = self.tree.ask(*commands.get(first, (first,)))
        if first != "gc" or outcome.status not in (STALE, REFUSED):
            self._said(first, outcome)

    def _ask(self, state: int) -> None:
        for question in self.chance.sample(QUESTIONS, len(QUESTIONS)):
            outcome = self.tree.ask(*question)
            self._said(" ".join(question), outcome)
            if outcome.status == 0 and outcome.output != self.expected[state][question]:
                self.faults.append(f"wrong answer: {' '.join(question)}; said {outcome.errors!r}")

    def _said(self, asked: str, outcome: Outcome) -> None:
        self.mended |= "again" in outcome.errors
        if "Traceback" in outcome.errors or outcome.status not in (0, REFUSED):
            self.faults.append(f"status {outcome.status}: {asked}: {outcome.errors}")
        elif outcome.status == REFUSED:
            self.refused = True
            if "hint:" not in outcome.errors:
                self.faults.append(f"no hint: {asked}: {outcome.errors}")


def rounds(tree: Project, numbers: Iterable[int], seed: int) -> Iterator[tuple[int, str, str, list[str]]]:
    """(its number, what was done, what became of it, the faults) of each round."""
    warm_up()
    expected = tree.expected()
    names = ("settled", "with a log", "with states")
    kept = {name: tree.root.with_name(name.replace(" ", "-")) for name in names}
    others = {"state": tree.root.with_name("older"), "project": tree.root.with_name("other")}
    _prepare(tree, kept, others)
    for number in numbers:
        chance = random.Random(f"{seed} {number}")
        tree.become(0)
        name = chance.choice(("settled", "with states", "with states", "with a log"))
        shutil.rmtree(tree.index)
        shutil.copytree(kept[name], tree.index)
        damage = Damage(chance, others)
        struck = [name]
        for _ in range(chance.choice((1, 1, 1, 2))):
            path, kind = chance.choice(_files(tree.index)), chance.choice(KINDS)
            damage.strike(kind, path)
            struck.append(f"{path.relative_to(tree.index)} {kind}")
        one = Round(tree, expected, chance)
        yield number, ", ".join(struck), one.run(), one.faults


def _prepare(tree: Project, kept: dict[str, Path], others: dict[str, Path]) -> None:
    """Whole indexes to damage, one of an earlier state, and one of another project in the same folder."""
    tree.become(1)
    assert tree.ask("index").status == 0
    shutil.copytree(tree.index, others["state"])
    tree.become(0)
    reader = sqlite3.connect(tree.index / "store.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM files").fetchall()
    assert tree.ask("index").status == 0
    shutil.copytree(tree.index, kept["with a log"])  # the reader keeps it from being written back
    reader.close()
    assert tree.ask("index", "--full").status == 0
    shutil.copytree(tree.index, kept["settled"])
    for state in (1, 2, 0):
        tree.become(state)
        assert tree.ask("index").status == 0
    assert list((tree.index / "states").iterdir()), "it keeps the states that it was of"
    shutil.copytree(tree.index, kept["with states"])
    other = tree.root.with_name("another")
    other.mkdir()
    (other / "a.py").write_text("def f():\n    return g()\n")
    assert tree.ask("index", "--db", str(others["project"]), str(other)).status == 0


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--only", type=int, help="the number of one round to run by itself")
    arguments.add_argument("trees", nargs="*", type=Path, help="what the project is made of")
    given = arguments.parse_args()
    counts: Counter[str] = Counter()
    with project(5, given.trees) as tree:
        numbers = range(given.rounds) if given.only is None else [given.only]
        for number, struck, outcome, faults in rounds(tree, numbers, given.seed):
            counts[outcome] += 1
            print(f"{counts.total()} rounds", end="\r", file=sys.stderr, flush=True)
            if faults:
                print(f"round {number}: {struck}", *faults, sep="\n  ", flush=True)
    print(
        f"{counts.total()} rounds: " + ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
    )
    sys.exit(bool(counts["FAULT"]))


if __name__ == "__main__":
    main()
