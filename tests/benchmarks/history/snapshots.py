"""Repositories as they were at a commit, indexed, with nothing of what came later."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

_ISG = (sys.executable, "-m", "isg.cli.main")


def arguments_of(description: str | None) -> argparse.Namespace:
    """What a script that fits one set of cases is given."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", type=Path)
    parser.add_argument("clones", type=Path)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--repos", default="")
    return parser.parse_args()


def clone_of(clones: Path, name: str) -> Path | None:
    """The clone of a repository: NAME, OWNER/NAME, OWNER+NAME/repo; ``vuecore`` is that of vuejs/core."""
    for path in sorted({*clones.glob("*"), *clones.glob("*/*")}):
        inner = path / "repo" if (path / "repo").is_dir() else path
        label = path.name.removesuffix(".git").replace("+", "/").lower()
        if name in (label.rpartition("/")[2], label.replace("js/", "").replace("/", "")):
            return inner
    return None


def checked_out(clone: Path, commit: str, root: Path) -> Path:
    """A folder that holds a commit and its past, indexed; what is there is used again."""
    if not (root / ".git").exists():
        root.mkdir(parents=True)
        for arguments in (
            ("init", "-q"),
            ("fetch", "-q", str(clone.resolve()), f"{commit}:refs/heads/snapshot"),
            ("checkout", "-q", "snapshot"),
        ):
            subprocess.run(["git", "-C", str(root), *arguments], check=True)
    subprocess.run([*_ISG, "index", "--quiet"], cwd=root, check=True, stdout=subprocess.PIPE)
    return root
