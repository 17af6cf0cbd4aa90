"""Signatures as one clean line of source."""

from __future__ import annotations

MAX_VALUE = 40
_WORDS = ("None", "True", "False")


def clean_line(text: str) -> str:
    """Source text on one line: white space collapsed, none inside brackets, no trailing comma."""
    if "#" in text:
        text = _without_comments(text)
    line = " ".join(text.replace("\\\n", " ").split())
    if "\n" in text:
        line = line.replace("( ", "(").replace("[ ", "[").replace(" )", ")").replace(" ]", "]")
        line = line.replace(",)", ")").replace(",]", "]")
    return line


def _without_comments(text: str) -> str:
    """Cuts comments off line ends; a ``#`` inside quotes stays."""
    lines = []
    for line in text.split("\n"):
        quote = ""
        for at, char in enumerate(line):
            if quote:
                quote = "" if char == quote else quote
            elif char in "'\"":
                quote = char
            elif char == "#":
                line = line[:at]
                break
        lines.append(line)
    return "\n".join(lines)


def variable_signature(name: str, annotation: str, value: str) -> str:
    """``NAME: int = 3``; a value that is long or no literal is ``…``."""
    head = f"{name}: {clean_line(annotation)}" if annotation else name
    if not value:
        return head
    return f"{head} = {value if _is_short_literal(value) else '…'}"


def _is_short_literal(value: str) -> bool:
    """Whether it is short and holds no name: strings, numbers, constants, and displays of them."""
    if len(value) > MAX_VALUE or "\n" in value:
        return False
    if value[0].isdigit():
        return value.replace(".", "").replace("_", "").isalnum()
    bare = _outside_quotes(value)
    for word in _WORDS:
        bare = bare.replace(word, "")
    return not any(char.isalpha() or char == "_" for char in bare)


def _outside_quotes(value: str) -> str:
    """The value without its strings and their prefixes."""
    kept: list[str] = []
    quote = ""
    for char in value:
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
            while kept and kept[-1] in "bBrRuUfF":
                kept.pop()
        else:
            kept.append(char)
    return "".join(kept)
