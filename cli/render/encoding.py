"""Values as JSON bytes, whatever bytes their strings came from."""

from __future__ import annotations

import re

import msgspec

_encoder = msgspec.json.Encoder()
_SURROGATE = re.compile("[\ud800-\udfff]")


def encode(value: object) -> bytes:
    """Compact JSON on one line; what is no Unicode (a file name of odd bytes) becomes U+FFFD."""
    try:
        return _encoder.encode(value)
    except UnicodeEncodeError:
        return _encoder.encode(_scrubbed(value))


def indented(data: bytes) -> bytes:
    """The same JSON over several lines, for eyes."""
    return msgspec.json.format(data, indent=2)


def text_bytes(text: str) -> bytes:
    """Text as UTF-8, odd bytes of file names as they were."""
    return text.encode("utf-8", "surrogateescape" if _SURROGATE.search(text) else "strict")


def _scrubbed(value: object) -> object:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_scrubbed(key): _scrubbed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_scrubbed(item) for item in value]
    return value
