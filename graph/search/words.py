"""The words of identifiers and of what people type to find them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SMALL = r"[^\W\d_A-Z]"  # also capitals beyond ASCII: they rarely begin a word inside of a name
_HUMP = re.compile(rf"[A-Z]+(?!{_SMALL})|[A-Z]?{_SMALL}+|[0-9]+")
# Words of questions that say nothing of what is looked for.
_IDLE = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "how", "i", "in"}
    | {"is", "it", "of", "on", "or", "that", "the", "this", "to", "what", "when", "where", "which", "who"}
    | {"why", "with"}
)


def split(text: str) -> list[str]:
    """The words of a text in lower case; ``parseURLPath`` and ``parse_url_path`` have three."""
    return [word.lower() for word in _HUMP.findall(text)]


def asked(text: str) -> tuple[str, ...]:
    """The words that a question is about, each once; all of them where it has no others."""
    words = dict.fromkeys(split(text))
    return tuple(word for word in words if word not in _IDLE) or tuple(words)


def spoken(names: Iterable[str]) -> str:
    """Names as a text of their words, for an index of words."""
    return " ".join(word for name in names for word in split(name))
