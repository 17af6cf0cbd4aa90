"""SIGKILL at random moments of a command: the next command answers as an index from nothing does.

Each round brings the tree to another state, starts the command, and kills it, alone or with all that it
started; then every question must be answered as an index from nothing answers it. For a command that stays
(``watch``, ``serve``: --stays) the tree changes while it runs. Now and then a round begins without an index.

    python tests/benchmarks/kill.py --rounds 200
    python tests/benchmarks/kill.py --rounds 200 --stays -- serve
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from trial import Answers, Project, Started, differing, project, warm_up

_ANEW = 0.25  # of the rounds begin without an index
_LATEST = 1.1  # of the time that the command takes by itself
_STAYING = 3.0  # seconds within which a command that stays is killed
_EDITS = 4  # at most, meanwhile


@dataclass(frozen=True)
class Victim:
    """The command that is killed."""

    arguments: tuple[str, ...]
    stays: bool


def kill(process: Started, all_of_it: bool) -> bool:
    """Kill a command, perhaps with the processes that it started; gives whether it was still running."""
    running = process.running()
    with contextlib.suppress(ProcessLookupError):
        if all_of_it:
            os.killpg(process.pid, signal.SIGKILL)
        elif running:
            os.kill(process.pid, signal.SIGKILL)
    process.wait()
    return running


def edit_meanwhile(tree: Project, chance: random.Random) -> int:
    """Change the tree at random moments while a command stays; gives the state that it is in at the end."""
    state = 0
    for _ in range(chance.randint(1, _EDITS)):
        time.sleep(chance.uniform(0, _STAYING / _EDITS))
        state = chance.choice(tree.states)
        tree.become(state)
    time.sleep(chance.uniform(0, _STAYING / _EDITS))
    return state


def rounds(tree: Project, victim: Victim, count: int, seed: int) -> Iterator[tuple[bool, bool, list[str]]]:
    """(whether there was an index, whether the command was still running, what was answered wrongly)."""
    warm_up()
    expected = tree.expected()
    takes = _duration(tree, victim)
    for number in range(count):
        chance = random.Random(f"{seed} {number}")
        anew = chance.random() < _ANEW
        if anew:
            shutil.rmtree(tree.index, ignore_errors=True)
        yield not anew, *_round(tree, victim, expected, takes[anew], chance)


def _round(
    tree: Project, victim: Victim, expected: Sequence[Answers], takes: float, chance: random.Random
) -> tuple[bool, list[str]]:
    state = chance.choice(tree.states)
    tree.become(state)
    process = tree.start(*victim.arguments)
    if victim.stays:
        state = edit_meanwhile(tree, chance)
    else:
        time.sleep(chance.uniform(0, takes * _LATEST))
    running = kill(process, chance.random() < 0.5)
    try:
        return running, differing(tree.answers(), expected[state])
    except AssertionError as error:
        return running, [str(error)]


def _duration(tree: Project, victim: Victim) -> tuple[float, float]:
    """How many seconds the command takes after an edit, and from nothing."""
    if victim.stays:
        return _STAYING, _STAYING
    took = []
    for state in (0, 1):
        tree.become(state)
        start = time.perf_counter()
        tree.ask(*victim.arguments)
        took.append(time.perf_counter() - start)
    return took[1], took[0]


def main() -> None:
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--rounds", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--stays", action="store_true", help="the command does not end by itself")
    arguments.add_argument("--tree", type=Path, action="append", default=[], help="part of the project")
    arguments.add_argument("command", nargs="*", default=["index"])
    given = arguments.parse_args()
    victim = Victim(tuple(given.command), given.stays)
    counts: Counter[str] = Counter()
    with project(6, given.tree) as tree:
        for number, (indexed, running, wrong) in enumerate(rounds(tree, victim, given.rounds, given.seed)):
            counts["killed" if running else "ended before"] += 1
            counts["without an index before"] += not indexed
            counts["FAULTS"] += bool(wrong)
            print(f"{number + 1} rounds", end="\r", file=sys.stderr, flush=True)
            if wrong:
                print(f"round {number}:", *wrong, sep="\n  ", flush=True)
    told = ", ".join(f"{count} {what}" for what, count in counts.items())
    print(f"isg {' '.join(victim.arguments)}, {given.rounds} rounds: {told}")
    sys.exit(bool(counts["FAULTS"]))


if __name__ == "__main__":
    main()
