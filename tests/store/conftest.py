"""Small trees to index."""

from __future__ import annotations

from pathlib import Path

import pytest
from indexed_tree import SHOP, Tree


@pytest.fixture
def shop(tmp_path: Path) -> Tree:
    """A small project, not indexed yet."""
    root = tmp_path / "shop"
    root.mkdir()
    return Tree(root).write(SHOP)
