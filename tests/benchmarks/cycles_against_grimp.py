"""The import cycles of a package's modules against those in grimp's import graph.

Both with and without imports that only a type checker makes; every difference is listed by name.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import grimp
import rustworkx
from measuring import run
from trees import copy_of

Components = set[frozenset[str]]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("tree", type=Path, help="the folder that the package stands in")
    arguments.add_argument("package")
    given = arguments.parse_args()
    with copy_of(given.tree) as tree:
        sys.path.insert(0, str(tree))
        for type_only in (True, False):
            ours = _by_isg(tree, given.package, type_only)
            theirs = _by_grimp(given.package, type_only)
            _compare(
                "with type-checking imports" if type_only else "without type-checking imports", ours, theirs
            )


def _compare(title: str, ours: Components, theirs: Components) -> None:
    print(
        f"{title}: isg {_sizes(ours)}, grimp {_sizes(theirs)}, {'equal' if ours == theirs else 'different'}"
    )
    for name, one, other in (("isg", ours, theirs), ("grimp", theirs, ours)):
        for component in sorted(map(sorted, one - other)):
            nearest = max(other, key=lambda each: len(each & set(component)), default=frozenset[str]())
            extra = sorted(set(component) - nearest)
            print(f"  only {name}: {len(component)} modules; not in the other's nearest: {extra[:40]}")


def _sizes(components: Components) -> list[int]:
    return sorted(map(len, components), reverse=True)


def _by_isg(tree: Path, package: str, type_only: bool) -> Components:
    excluded = () if type_only else ("--no-type-only",)
    output = run("find-cycles", "--format", "json", "--limit", "0", *excluded, cwd=tree).output
    found = json.loads(output)["results"]
    components = {
        frozenset(member["key"].partition(":")[2] for member in cycle["members"]) for cycle in found
    }
    return {each for each in components if all(name.split(".")[0] == package for name in each)}


def _by_grimp(package: str, type_only: bool) -> Components:
    graph = grimp.build_graph(package, exclude_type_checking_imports=not type_only, cache_dir=None)
    modules = sorted(graph.modules)
    numbers = {module: number for number, module in enumerate(modules)}
    directed = rustworkx.PyDiGraph[str, None]()
    directed.add_nodes_from(modules)
    for module in modules:
        imported = graph.find_modules_directly_imported_by(module)
        directed.add_edges_from([(numbers[module], numbers[other], None) for other in sorted(imported)])
    components = rustworkx.strongly_connected_components(directed)
    return {frozenset(modules[number] for number in each) for each in components if len(each) > 1}


if __name__ == "__main__":
    main()
