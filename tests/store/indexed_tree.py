"""A project folder and its index, made by the real parser and linker."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from isg.migrations import upgrade
from isg.store.database import reading
from isg.store.head import read_head
from isg.store.location import StoreLocation, locate
from isg.store.refresh import IndexReport, RefreshOptions, refresh
from isg.store.tables import metadata

SHOP = {
    "pyproject.toml": '[project]\nname = "shop"\n',
    "shop/__init__.py": "from shop.models import Item\n",
    "shop/models.py": (
        "from typing import Protocol\n\n\n"
        "class Priced(Protocol):\n    def price(self) -> int: ...\n\n\n"
        "class Item:\n    def price(self) -> int:\n        return self.tax() + 1\n\n"
        "    def tax(self) -> int:\n        return 2\n"
    ),
    "shop/cart.py": (
        "import json\n\nfrom shop.models import Item\n\n\n"
        "class Cart:\n    def __init__(self) -> None:\n        self.items: list[Item] = []\n\n"
        "    def total(self) -> int:\n        return sum(item.price() for item in self.items)\n\n"
        "    def dump(self, thing) -> str:\n        thing.flush()\n        return json.dumps(self.total())\n"
    ),
    "tests/test_cart.py": (
        "from shop.cart import Cart\n\n\ndef test_total():\n    assert Cart().total() == 0\n"
    ),
}

# What may be kept from before without being seen: facts for switching back, what the linker remembers.
_PRIVATE = {"file_versions", "analysis_cache", "languages"}


class Tree:
    """A project folder and its index."""

    def __init__(self, root: Path, db: Path | None = None) -> None:
        self.root = root
        self.location: StoreLocation = locate(root, db)

    def write(self, files: Mapping[str, str | bytes]) -> Tree:
        for path, content in files.items():
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self

    def index(self, linking: Any = None, migrate: Any = upgrade, **options: Any) -> IndexReport:
        wanted = RefreshOptions(**{"jobs": 1, **options})
        return refresh(self.root, self.location, wanted, lambda step: None, migrate, linking)

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row that an answer could come from, whatever order it was written in."""
        with reading(self.location) as connection:
            return {
                name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
                for name, table in metadata.tables.items()
                if name not in _PRIVATE
            }

    def image(self) -> bytes:
        head = read_head(self.location.head)
        assert head is not None
        return (self.location.folder / head.image.name).read_bytes()

    def rebuilt(self, elsewhere: Path) -> Tree:
        """The same sources in the same-named folder elsewhere, indexed from nothing."""
        copy = elsewhere / self.root.name
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.root, copy, ignore=shutil.ignore_patterns(".isg"))
        tree = Tree(copy)
        tree.index()
        return tree
