"""The version of what parsing says; apart from the parsing, since every query asks for it."""

from __future__ import annotations

EXTRACTOR_VERSION = 23  # raise it whenever the facts of some source change
