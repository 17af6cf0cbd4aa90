"""What was found of each file's history, kept in the index: only files that changed are followed again."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from blake3 import blake3

from isg.graph.history import Touched
from isg.store.head import replace
from isg.store.history.log import Hunk
from isg.store.history.tracing import Span, Trail, touches

NAME = "history.traces"
_DIGEST = 32


class _Trace(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The touches of a file: (step of its trail, symbol, lines) end to end."""

    made_from: bytes
    touches: tuple[int, ...]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(dict[str, _Trace]).decode


class Traces:
    """The touches of files, from an earlier run where nothing that they follow from has changed."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._kept = _read(self._path)
        self._found: dict[str, _Trace] = {}

    def touches(
        self,
        path: str,
        steps: Sequence[Trail],
        commits: Sequence[str],
        spans: Sequence[Span],
        local: Sequence[Hunk],
    ) -> Iterator[Touched]:
        """What touched the symbols of a file; ``commits`` names that of each step, ignored ones marked."""
        made_from = _fingerprint(commits, spans, local)
        trace = self._kept.get(path)
        if trace is None or trace.made_from != made_from:
            trace = self._found[path] = _Trace(made_from, tuple(_flat(steps, spans, local)))
        else:
            self._found[path] = trace
        flat = iter(trace.touches)
        rows = zip(flat, flat, flat, strict=True)
        return (Touched(symbol, steps[step].commit, lines) for step, symbol, lines in rows)

    def keep(self) -> None:
        """Keep what was asked for, and forget the rest; where that fails, it is found again."""
        if self._found == self._kept:
            return
        body = _encode(self._found)
        try:
            replace(self._path, blake3(body).digest() + body)
        except OSError:
            return


def _read(path: Path) -> dict[str, _Trace]:
    try:
        data = path.read_bytes()
        if blake3(data[_DIGEST:]).digest() == data[:_DIGEST]:
            return _decode(data[_DIGEST:])
    except (OSError, msgspec.DecodeError, RecursionError):
        pass
    return {}


def _fingerprint(commits: Sequence[str], spans: Sequence[Span], local: Sequence[Hunk]) -> bytes:
    """A hash over all that the touches of a file follow from."""
    numbers = array("Q", [number for span in spans for number in span])
    hunks = array("Q", [number for hunk in local for number in hunk])
    return blake3(b"\0".join((" ".join(commits).encode(), numbers.tobytes(), hunks.tobytes()))).digest()


def _flat(steps: Sequence[Trail], spans: Sequence[Span], local: Sequence[Hunk]) -> Iterator[int]:
    place = {step.commit: number for number, step in enumerate(steps)}
    for commit, symbol, lines in touches(steps, spans, local):
        yield from (place[commit], symbol, lines)
