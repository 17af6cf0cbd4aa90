"""Stack traces: the places that a program was at, as Python, JavaScript, Rust, Go and Java print them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

_PYTHON = re.compile(r'^\s*File "(?P<path>[^"\n]+)", line (?P<line>\d+)(?:, in (?P<name>\S+))?', re.MULTILINE)
_BEGIN = "Traceback (most recent call last)"
_OTHERS = re.compile(
    r"""
    ^\s*at\s(?:async\s)?(?P<js>[^\s(]+(?:\s\[as\s[^\]]+\])?)\s\((?P<js_path>[^()\n]+?):(?P<js_line>\d+):\d+\)
    | ^\s*at\s(?:async\s)?(?P<bare_path>[^\s()]+?):(?P<bare_line>\d+)(?::\d+)?\s*$
    | ^\s*at\s(?:[\w.@-]+/)*(?P<java>[\w.$<>]+)\((?P<java_path>[\w$]+\.\w+):(?P<java_line>\d+)\)
    | ^\s*\d+:\s+(?:0x[0-9a-f]+\s-\s)?(?P<rust>[\w:<>{}#&*,\ $.-]+?)$
    | ^(?P<go>[\w./*()\-]+(?:\.\w+)+)\(.*\)\s*$
    | ^\s+(?P<go_path>\S+\.go):(?P<go_line>\d+)
    | panicked\sat\s(?:'.*',\s)?(?P<panic_path>[^\s:]+):(?P<panic_line>\d+):\d+
    """,
    re.MULTILINE | re.VERBOSE,
)
_NOT_A_NAME = re.compile(r"<[^>]*>$|^\{.*\}$|^h[0-9a-f]{16}$|^func\d+$")
_LAMBDA = re.compile(r"lambda\$(\w+)\$\d+")  # of Java: within which method
_PARTS = re.compile(r"::|[./#]")


class Frame(msgspec.Struct, frozen=True):
    """A place that a program was at, as the trace calls it."""

    path: str
    line: int
    name: str = ""  # of the function, without what it is in; empty where the trace does not say


def read_trace(text: str) -> tuple[Frame, ...]:
    """The places of a stack trace, the one first where it happened; none where the text has none."""
    frames = [*_of_python(text), *_of_others(text)]
    return tuple(dict.fromkeys(frames))


def _of_python(text: str) -> Iterator[Frame]:
    """Python prints the latest call last, and the exception that came last after those it came from."""
    for trace in reversed(text.split(_BEGIN)):
        for found in reversed(list(_PYTHON.finditer(trace))):
            yield Frame(found["path"], int(found["line"]), _bare(found["name"] or ""))


def _of_others(text: str) -> Iterator[Frame]:
    """The other languages print the latest call first; Rust and Go name a function on a line of its own."""
    name = ""
    for found in _OTHERS.finditer(text):
        said = found["js"] or found["java"] or found["rust"] or found["go"]
        if said:
            name = _bare(said)
        for kind in ("js", "bare", "java", "go", "panic"):
            path = found[f"{kind}_path"]
            if path is not None:
                yield Frame(path, int(found[f"{kind}_line"]), "" if kind == "panic" else name)
        if found.lastgroup not in ("rust", "go"):
            name = ""


def _bare(name: str) -> str:
    """The last part of a function's name that is a name."""
    parts = [part for part in _PARTS.split(name.partition(" [")[0]) if part and not _NOT_A_NAME.search(part)]
    return _LAMBDA.sub(r"\1", parts[-1].strip("()*")) if parts else ""
