"""The service between the front end and the routing core."""

from depot.quotes import Quotes, Request

__all__ = ["Quotes", "Request"]
