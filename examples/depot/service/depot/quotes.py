"""Prices, as the core gives them."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Request:
    start: str
    end: str
    grams: int


class Pricing(Protocol):
    def cents(self, request: Request, tariff: str) -> int: ...


class CorePricing:
    """Asks the program that stands in core/quote."""

    def __init__(self, program: str = "depot-quote") -> None:
        self.program = program

    def cents(self, request: Request, tariff: str) -> int:
        command = [self.program, tariff, request.start, request.end, str(request.grams)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        return int(done.stdout.split()[0])


class Quotes:
    def __init__(self, pricing: Pricing) -> None:
        self.pricing = pricing

    def parcel(self, request: Request) -> dict[str, int]:
        return {"cents": self.pricing.cents(request, "flat")}

    def freight(self, request: Request) -> dict[str, int]:
        return {"cents": self.pricing.cents(request, "weight")}
