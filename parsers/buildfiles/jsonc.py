"""JSON as configuration files are written: with comments and with commas before a closing bracket."""

from __future__ import annotations

import json
import re
from typing import Any

# Strings are matched so that nothing inside one is taken for a comment; nothing here backtracks.
_STRING = r'"(?:[^"\\]|\\.)*+"?'
_COMMENT = re.compile(rf"(?P<kept>{_STRING})|//[^\n]*+|/\*(?:.*?\*/|.*+)", re.DOTALL)
_COMMA = re.compile(rf"(?P<kept>{_STRING})|,(?=\s*+[}}\]])", re.DOTALL)


def read_object(text: str) -> dict[str, Any]:
    """The object that a text holds; an empty one where it holds anything else."""
    try:
        found = json.loads(_without(_COMMA, _without(_COMMENT, text)))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _without(noise: re.Pattern[str], text: str) -> str:
    return noise.sub(lambda found: found["kept"] or "", text)
