"""The answers do not depend on the hash seed: no order of a set ever shows."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPT = """
import random
from drawing import build_graph
from isg.graph.names import find_symbols
from isg.graph.queries.blast_radius import blast_radius
from isg.graph.queries.calls import callees, callers
from isg.graph.queries.context import context
from isg.graph.queries.export import export_edges
from isg.graph.queries.find_cycles import find_cycles
from isg.graph.queries.hotspots import hotspots
from isg.graph.queries.paths import paths
from isg.graph.queries.project_map import project_map
from isg.graph.queries.who_implements import who_implements
from isg.graph.select import select

rng = random.Random(7)
symbols, edges = [], []
for module in "abcd":
    for owner in ("K", "L"):
        symbols.append(f"{module}.py class {owner}{module}")
        symbols += [f"{module}.py method {owner}{module}.{name} complexity=3" for name in ("run", "stop")]
names = [line.split()[0][0] + "." + line.split()[2] for line in symbols]
for kind in ("CALLS", "USES/read", "OVERRIDES", "IMPL/extends"):
    for _ in range(14):
        sure = rng.choice(["exact", "inferred", "dispatch"])
        edges.append(f"{rng.choice(names)} {kind} {rng.choice(names)} {sure} {rng.randint(1, 9)}:1")
edges += [f"{a} IMPORTS {b} 1:1" for a in "abcd" for b in "abcd" if rng.random() < 0.6]
graph = build_graph("\\n".join(symbols), "\\n".join(edges), {"run": 3, "stop": 1})
for node in range(len(graph)):
    print(blast_radius(graph, [node]), callers(graph, [node]), callees(graph, [node]))
    print(who_implements(graph, [node], methods=True, near=True))
    print(context(graph, [node], budget=300, source=lambda symbol: symbol.signature))
    print(paths(graph, [node], [0, 3], k=3))
for level in ("module", "package", "class", "function"):
    print(find_cycles(graph, level=level))
print(project_map(graph, budget=200, tests=True))
print(hotspots(graph), list(export_edges(graph)), find_symbols(graph, "ru"), select(graph, "run", all=True))
"""


def answers(seed: int) -> bytes:
    here = Path(__file__).parent
    return subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=here,
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        check=True,
        capture_output=True,
    ).stdout


def test_no_answer_depends_on_the_hash_seed():
    first = answers(0)
    assert len(first) > 10_000
    assert answers(1) == first
    assert answers(2) == first
