"""The routes of the service: a path, and what answers it."""

from __future__ import annotations

import json
from collections.abc import Callable

from depot import Quotes, Request
from depot.quotes import CorePricing

Handler = Callable[[Request], dict[str, int]]


def handlers(quotes: Quotes) -> dict[str, Handler]:
    return {"/parcels": quotes.parcel, "/freight": quotes.freight}


def answer(path: str, body: bytes) -> bytes:
    fields = json.loads(body)
    request = Request(fields["from"], fields["to"], fields["grams"])
    handler = handlers(Quotes(CorePricing()))[path]
    return json.dumps(handler(request)).encode()
