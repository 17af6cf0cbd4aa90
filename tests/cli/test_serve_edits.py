"""After any edits, what a server answers from memory is what a command answers from the index."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from isg.cli.caller import Caller, on_behalf_of
from isg.cli.main import run
from isg.migrations import upgrade
from isg.store.location import locate
from isg.store.resident.project import Resident

COMMANDS = """
export --format jsonl
export --what symbols --format jsonl
who-implements Storage --json
callers log --all --json
callees Order.total --all --json
blast-radius log --all --json
context Order --all --budget 900
find-cycles --level function --json
hotspots --json
map --json --budget 300
refs log --all --json
refs --unresolved save --json
symbols o --json
coverage --json
stats --json
""".strip().splitlines()

SNIPPETS = [
    "\n\ndef fresh():\n    return log('x')\n",
    "\n\nclass Fresh:\n    def save(self, thing):\n        self.save(thing).save()\n",
    "\n\ndef broken(:\n",
    "\nfrom shop import *\n",
    "\nlog('top')\n",
    "\nx = 1\n",
]


@pytest.fixture
def resident(own_shop: Path) -> Iterator[Resident]:
    assert run(["index", "--quiet", "--jobs", "1"]) == 0

    def record() -> None:
        with on_behalf_of(asker()[0]):
            assert run(["index", "--quiet", "--jobs", "1"]) == 0

    found = Resident(own_shop, locate(own_shop), upgrade, record)
    yield found
    found.close()


def asker(resident: Resident | None = None) -> tuple[Caller, io.BytesIO]:
    out = io.BytesIO()
    return Caller(io.TextIOWrapper(out, "utf-8"), None, bytes, {}, None, resident), out


def answer(command: str, resident: Resident | None = None) -> tuple[int, bytes]:
    caller, out = asker(resident)
    with on_behalf_of(caller):
        status = run(command.split())
        assert caller.out is not None
        caller.out.flush()
    return status, out.getvalue()


def edit(root: Path, chance: random.Random) -> None:
    files = sorted(path for path in root.rglob("*.py") if ".isg" not in path.parts)
    file = chance.choice(files)
    lines = file.read_text().splitlines(keepends=True) or ["\n"]
    match chance.randrange(8):
        case 0 | 1:
            file.write_text("".join(lines) + chance.choice(SNIPPETS))
        case 2 | 3:
            place = chance.randrange(len(lines))
            file.write_text("".join(lines[:place] + ["# a comment\n"] * 2 + lines[place:]))
        case 4:
            del lines[chance.randrange(len(lines))]
            file.write_text("".join(lines))
        case 5:
            file.write_text("".join(lines).replace("log", "record", 1))
        case 6 if len(files) > 3:
            file.rename(file.with_name(f"moved_{chance.randrange(3)}.py"))
        case _:
            (root / f"new_{chance.randrange(2)}.py").write_text(chance.choice(SNIPPETS))


@pytest.mark.parametrize("seed", range(6))
def test_the_answers_are_those_of_the_index(own_shop: Path, resident: Resident, seed: int) -> None:
    """Several edits are taken in one after the other, in memory where that can be, before all is compared."""
    chance = random.Random(seed)
    for _ in range(4):
        for _ in range(chance.randrange(1, 4)):
            edit(own_shop, chance)
            resident.refresh()
        from_memory = {command: answer(command, resident) for command in COMMANDS}
        assert from_memory == {command: answer(command) for command in COMMANDS}
