"""Where orders are kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from shop.orders import Order


class Repository(Protocol):
    """Anything that keeps orders; nobody has to inherit from it."""

    def save(self, order: Order) -> None: ...

    def find(self, number: str) -> Order | None: ...

    def all(self) -> Iterator[Order]: ...


class MemoryRepository:
    """Keeps orders while the program runs."""

    def __init__(self) -> None:
        self._orders: dict[str, Order] = {}

    def save(self, order: Order) -> None:
        self._orders[order.number] = order

    def find(self, number: str) -> Order | None:
        return self._orders.get(number)

    def all(self) -> Iterator[Order]:
        return iter(self._orders.values())


class AuditedRepository(MemoryRepository):
    """Also writes down what was saved."""

    def __init__(self, journal: Path) -> None:
        super().__init__()
        self._journal = journal

    def save(self, order: Order) -> None:
        super().save(order)
        with self._journal.open("a") as file:
            file.write(json.dumps({"order": order.number, "cents": order.total().cents}) + "\n")


class Archive:
    """Gives orders out and takes none: not a repository, but nearly."""

    def __init__(self, orders: list[Order]) -> None:
        self._orders = orders

    def find(self, number: str) -> Order | None:
        return next((order for order in self._orders if order.number == number), None)

    def all(self) -> Iterator[Order]:
        yield from self._orders
