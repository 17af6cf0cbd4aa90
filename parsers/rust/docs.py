"""Documentation comments (Rust reference, chapter "Comments"), and the tests in them (rustdoc book)."""

from __future__ import annotations

MAX_DOC = 300
_TEST_WORDS = frozenset({"rust", "should_panic", "no_run", "compile_fail"})


def is_outer(text: str, start: int) -> bool:
    """Whether the comment at this byte documents what follows; four slashes or three stars do not."""
    marker = text[start : start + 4]
    return marker.startswith(("///", "/**")) and marker not in ("////", "/***", "/**/")


def is_inner(text: str, start: int) -> bool:
    """Whether the comment at this byte documents what it stands in."""
    return text.startswith(("//!", "/*!"), start)


def outer_line(comment: str) -> list[str]:
    """The lines of documentation that a doc comment holds."""
    if comment.startswith("//"):
        return [comment[3:].rstrip("\r\n")]
    return [line.strip().removeprefix("*") for line in comment[3:].removesuffix("*/").split("\n")]


def paragraph(lines: list[str]) -> str:
    """The first paragraph, on one line."""
    found: list[str] = []
    for line in lines:
        text = line.strip()
        if text:
            found.append(text)
        elif found:
            break
    return " ".join(found)[:MAX_DOC].rstrip()


def is_doc_test(lines: list[str]) -> bool:
    """Whether a fenced block in the documentation is Rust, as it is unless it says otherwise."""
    fence = ""
    for line in lines:
        text = line.strip()
        if fence:
            fence = "" if text.startswith(fence) and not text.strip("`~") else fence
        elif text.startswith(("```", "~~~")):
            bare = text.lstrip(text[0])
            fence = text[: len(text) - len(bare)]
            if _is_rust(bare):
                return True
    return False


def _is_rust(info: str) -> bool:
    """Whether rustdoc compiles a block with this info string."""
    words = info.replace(",", " ").split()
    if "ignore" in words:
        return False
    return not words or any(word in _TEST_WORDS or word.startswith(("edition", "E0")) for word in words)
