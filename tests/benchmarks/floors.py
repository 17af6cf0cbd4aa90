"""What the machine asks at least: parsing alone, and the start of an interpreter with two libraries.

As a script, with a tree: the seconds that tree-sitter alone takes for its files, one after the other in
this one process (``P``), the median of five passes; as JSON with the number of files and lines.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from measuring import Run, best_of, run_command

_PASSES = 5


@dataclass(frozen=True)
class ParseAlone:
    """What tree-sitter alone takes for a tree."""

    files: int
    lines: int
    seconds: float


def parse_alone(tree: Path) -> ParseAlone:
    """Measured in a process of its own, so that the memory of this one stays small."""
    done = subprocess.run([sys.executable, __file__, str(tree)], check=True, capture_output=True)
    return ParseAlone(**json.loads(done.stdout))


def start_of_interpreter(times: int = 11) -> Run:
    """What a command of Python takes that imports the two libraries and does nothing."""
    return best_of(times, lambda: run_command([sys.executable, "-c", "import typer, rustworkx"], cwd=Path()))


def _parse_here(tree: Path) -> ParseAlone:
    from isg.parsers.discovery import discover
    from isg.parsers.grammar import Grammar

    files = discover(tree).files
    parsers = {name: Grammar(name).parser().parse for name in ("python", "typescript", "tsx", "rust")}
    parsers["javascript"] = parsers["tsx"]
    sources = [(parsers[file.language], (tree / file.path).read_bytes()) for file in files]
    passes = []
    for _ in range(_PASSES):
        started = time.perf_counter()
        for parse, source in sources:
            parse(source)
        passes.append(time.perf_counter() - started)
    lines = sum(source.count(b"\n") for _, source in sources)
    return ParseAlone(len(sources), lines, statistics.median(passes))


if __name__ == "__main__":
    print(json.dumps(asdict(_parse_here(Path(sys.argv[1])))))
