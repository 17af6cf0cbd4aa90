"""The words of a question that tell what it is about."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+(?:[.:]+\w+)*")
_ASKED = """
    a about an and any are as at be by can code do does find for from get has have how i if in into is it its
    me my of on or our please show so tell that the their them then there these they this to us was we what
    when where which who why will with would you your
"""
_ASKING = frozenset(_ASKED.split())


def telling_words(question: str) -> str:
    """The question without the words that every question has; all of it where it has no others."""
    words = [word for word in _WORD.findall(question) if word.lower() not in _ASKING]
    return " ".join(words) or question
