"""All benchmarks with a bar, one after the other, each in a process of its own."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

SCRIPTS = (
    *("index_cold", "index_again", "cold_commands", "memory", "warm_queries", "warm_commands", "whole_graph"),
    "growth",
)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("tree", nargs="?", type=Path, help="an unpacked source distribution of Django")
    given = arguments.parse_args()
    for script in SCRIPTS:
        print(f"\n{script}", flush=True)
        tree = [str(given.tree)] if given.tree and script != "growth" else []
        subprocess.run([sys.executable, Path(__file__).with_name(f"{script}.py"), *tree], check=True)


if __name__ == "__main__":
    main()
