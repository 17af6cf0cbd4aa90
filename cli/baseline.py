"""Baselines: the findings that a project has accepted, by fingerprint, in a file that people commit."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from isg.cli.writing import write_whole
from isg.graph.errors import NotFound, UsageError

if TYPE_CHECKING:
    from isg.graph.queries.find_cycles import Cycle


class KnownCycle(msgspec.Struct, frozen=True):
    fingerprint: str
    level: str
    members: tuple[str, ...]


class Baseline(msgspec.Struct, frozen=True):
    isg: int
    cycles: tuple[KnownCycle, ...]


def read(path: Path) -> frozenset[str]:
    """The fingerprints that a baseline holds."""
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Baseline)
    except FileNotFoundError:
        raise NotFound(
            f"no baseline at {path}", hint="--write-baseline makes one", code="no-baseline"
        ) from None
    except msgspec.MsgspecError as error:
        raise UsageError(f"{path} is no baseline of isg: {error}") from error
    return frozenset(cycle.fingerprint for cycle in found.cycles)


def write(path: Path, cycles: Iterable[Cycle]) -> None:
    """Accept these cycles; sorted and one a line, so that a diff of the file reads well."""
    known = sorted(
        (KnownCycle(cycle.fingerprint, cycle.level.value, _keys(cycle)) for cycle in cycles),
        key=lambda cycle: (cycle.level, cycle.members),
    )
    rows = b",\n    ".join(msgspec.json.encode(cycle) for cycle in known)
    body = b'{\n  "isg": 1,\n  "cycles": [%b]\n}\n' % (b"\n    " + rows + b"\n  " if known else b"")
    write_whole(path, body)


def _keys(cycle: Cycle) -> tuple[str, ...]:
    return tuple(sorted(member.key for member in cycle.members))
