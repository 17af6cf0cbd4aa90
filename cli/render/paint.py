"""The few colours of text on a terminal."""

from __future__ import annotations

from isg.cli.answer import Style

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}


def paint(text: str, color: str, style: Style) -> str:
    """The text in that colour, or as it is where colours are off."""
    return f"\x1b[{_CODES[color]}m{text}\x1b[0m" if style.color and text else text
