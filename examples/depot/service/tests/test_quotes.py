from depot.quotes import Quotes, Request


class FixedPricing:
    def cents(self, request: Request, tariff: str) -> int:
        return request.grams * (2 if tariff == "weight" else 1)


def test_freight_is_priced_by_weight() -> None:
    quotes = Quotes(FixedPricing())
    request = Request("Ulm", "Graz", 100)
    assert quotes.freight(request) == {"cents": 200}
    assert quotes.parcel(request) == {"cents": 100}
