"""Who may use the API: programs of this user that know the token, and no web page.

A server on the loopback interface can be reached by every page that a browser shows. Three things keep those
out: the token, which no page knows; the ``Host``, which is another one where a page's name was made to point
here (DNS rebinding); the ``Origin``, which a browser adds and a program does not. There are no CORS headers,
so that no page may read an answer.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not answered; ``status`` is that of HTTP."""

    status: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Guard:
    """``hosts`` are the values of ``Host`` that mean this server; None takes any, where others are let in."""

    token: str
    hosts: frozenset[str] | None

    def refusal(self, headers: Iterable[tuple[bytes, bytes]]) -> Refusal | None:
        """Why a request with these headers is not answered; None where it is."""
        named: dict[bytes, list[bytes]] = {}
        for header, value in headers:
            named.setdefault(header.lower(), []).append(value)
        host = named.get(b"host", [])
        if len(host) != 1:
            return Refusal(400, "bad-host", "exactly one Host is needed")
        name = host[0].decode("latin-1").lower()
        if self.hosts is not None and name not in self.hosts:
            return Refusal(403, "bad-host", "this server is not called that")
        for origin in named.get(b"origin", []):
            if origin.decode("latin-1").lower() != f"http://{name}":
                return Refusal(403, "bad-origin", "no page of another site is answered")
        given = named.get(b"authorization", [])
        if len(given) != 1 or not hmac.compare_digest(given[0], f"Bearer {self.token}".encode()):
            return Refusal(401, "bad-token", "the token is missing or wrong")
        return None


def names_of(host: str, port: int) -> frozenset[str]:
    """The values of ``Host`` that mean a server on the loopback interface."""
    hosts = {"localhost", "127.0.0.1", "[::1]", f"[{host}]" if ":" in host else host}
    with_port = {f"{name}:{port}" for name in hosts}
    return frozenset(with_port | hosts if port == _PORT_OF_HTTP else with_port)


_PORT_OF_HTTP = 80
