"""A published package of each language: what isg finds in it stays what it is.

The counts are those of ``isg stats`` in ``fixtures/published``; ``ISG_UPDATE=1`` writes them anew. Read the
difference: fewer unresolved sites and surer edges are good news, the rest wants a reason.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from published import Published

ISG = Path(sys.executable).parent / "isg"
PINNED = Path(__file__).parent / "fixtures" / "published"
UPDATE = os.environ.get("ISG_UPDATE") == "1"
COUNTS = ("files", "lines", "languages", "nodes", "edges", "confidence", "unresolved", "tests")
PACKAGES = (
    Published("pypi", "click", "8.1.7"),
    Published("npm", "rxjs", "7.8.1", r"src/|package\.json"),
    Published("npm", "express", "4.21.2"),
    Published("pypi", "pydantic-core", "2.27.1", r"src/|build\.rs|Cargo\.toml"),
)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_what_is_found_in_a_published_package(package: Published, tmp_path: Path) -> None:
    root = package.unpack(tmp_path)
    done = subprocess.run([ISG, "stats", "--json"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(done.stdout)["results"]
    counts = {name: found[name] for name in COUNTS}
    file = PINNED / f"{package.name}.json"
    if UPDATE:
        file.write_text(json.dumps(counts, indent=1, sort_keys=True) + "\n", "utf-8")
    assert counts == json.loads(file.read_text("utf-8"))
