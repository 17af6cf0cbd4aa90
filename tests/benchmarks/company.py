"""Readers beside writers: every answer is of one state, nobody fails, and nobody spoils another's work.

Readers ask in a loop, some of the index as it is and some bringing it up to date themselves, while the tree
goes from state to state and is indexed after each step, now and then by two indexers at once, or from
nothing, or compacted. Any answer must be, byte for byte, that of one of the states; at the end the index must
be whole and equal to one made from nothing.

Whoever reads a tree while it changes may find one file as it was before and another as it is afterwards,
until the next look. Such an answer, of the files as they were read, is counted by itself.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import sys
from collections import Counter
from collections.abc import Sequence
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event
from pathlib import Path

from trial import QUESTIONS, Answers, Project, differing, project, warm_up

_WARNINGS = re.compile(rb',"warnings":\[[^]]*\]')
_LACKS = "text is left out"
Told = SimpleQueue[tuple[Counter[str], list[str]]]
STALE = ("refresh", "ignore")
_COMMANDS = (("index",), ("index",), ("index",), ("index", "--full"), ("gc",), ("verify",))


def read(
    tree: Project, right: Sequence[Answers], torn: Sequence[Answers], seed: str, done: Event, told: Told
) -> None:
    """Ask until all is done; tells what the answers were, and which were of no state.

    The text of a file that has changed meanwhile cannot be had; such an answer has to say so.
    """
    chance = random.Random(seed)
    counts: Counter[str] = Counter()
    faults = []
    while not done.is_set():
        question, stale = chance.choice(QUESTIONS), chance.choice(STALE)
        outcome = tree.ask(*question, "--stale", stale)
        counts["answers"] += 1
        said = _said(outcome.output)
        if outcome.status == 0 and _LACKS in outcome.errors:
            counts["say that they lack text"] += 1
        elif outcome.status == 0 and _is_of(said, question, torn) and not _is_of(said, question, right):
            counts["of a tree that changed while it was read"] += 1
        elif outcome.status != 0 or not _is_of(said, question, right):
            asked = f"{' '.join(question)} --stale {stale}"
            faults.append(f"{asked}: status {outcome.status}, of no state; said {outcome.errors!r}")
    told.put((counts, faults))


def _is_of(said: bytes, question: tuple[str, ...], states: Sequence[Answers]) -> bool:
    return any(said == _said(each[question]) for each in states)


def _said(output: bytes) -> bytes:
    """An answer without its warnings: that another process is indexing just now is true of every state."""
    return _WARNINGS.sub(b"", output)


def write(tree: Project, steps: int, chance: random.Random) -> list[str]:
    """Take the tree through its states and index each; gives what failed."""
    faults = []
    for step in range(steps):
        print(f"{step} re-indexes", end="\r", file=sys.stderr, flush=True)
        tree.become(chance.choice(tree.states))
        together = [("index",), chance.choice(_COMMANDS)][: chance.choice((1, 2))]
        for command, process in [(command, tree.start(*command)) for command in together]:
            outcome = process.wait()
            if outcome.status:
                faults.append(f"{command}: status {outcome.status}: {outcome.errors}")
    return faults


def at_the_end(tree: Project, expected: Sequence[Answers]) -> list[str]:
    """What is wrong with the index when all have gone."""
    tree.become(0)
    faults = [f"at the end: {question}" for question in differing(tree.answers(), expected[0])]
    for check in (("verify",), ("index", "--verify")):
        outcome = tree.ask(*check)
        faults += [f"{check}: {outcome.output.decode()}{outcome.errors}"] if outcome.status else []
    return faults


def company(
    tree: Project, readers: int, steps: int, seed: int, serve: bool = False
) -> tuple[Counter[str], list[str]]:
    """Let them work side by side, beside a server too or without; gives what was counted and every fault."""
    warm_up()
    right, torn = tree.expected(), tree.torn()
    tree.ask("index")
    server = tree.start("serve") if serve else None
    context = multiprocessing.get_context("fork")
    done, told = context.Event(), context.SimpleQueue()
    seeds = (f"{seed} {number}" for number in range(readers))
    processes = [context.Process(target=read, args=(tree, right, torn, each, done, told)) for each in seeds]
    for process in processes:
        process.start()
    faults = write(tree, steps, random.Random(seed))
    done.set()
    counts: Counter[str] = Counter({"re-indexes": steps})
    for process in processes:
        found, wrong = told.get()
        counts += found
        faults += wrong
    for process in processes:
        process.join()
    faults += at_the_end(tree, right)
    if server is not None:
        tree.ask("serve", "--stop")
        faults += [outcome.errors] if (outcome := server.wait()).status else []
    return counts, faults


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--readers", type=int, default=8)
    arguments.add_argument("--steps", type=int, default=50, help="re-indexes")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--serve", action="store_true", help="a server answers some of the readers")
    arguments.add_argument("trees", nargs="*", type=Path, help="what the project is made of")
    given = arguments.parse_args()
    with project(4, given.trees) as tree:
        counts, faults = company(tree, given.readers, given.steps, given.seed, given.serve)
    print(*faults[:10], sep="\n")
    told = ", ".join(f"{count} {what}" for what, count in counts.items())
    print(f"{given.readers} readers, {told}, {len(faults)} FAULTS")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
