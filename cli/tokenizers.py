"""Exact numbers of tokens, where a tokenizer is installed."""

from __future__ import annotations

from collections.abc import Callable

from isg.cli.caller import caller
from isg.graph.errors import UsageError

_HINT = "pip install tiktoken for cl100k_base, o200k_base …; pip install tokenizers for a tokenizer.json"


def counter(name: str) -> Callable[[str], int]:
    """Counts tokens as an encoding of tiktoken does, or the Hugging Face tokenizer in a ``tokenizer.json``.

    Raises UsageError where it is not installed. Nothing is downloaded: what tiktoken has not kept from an
    earlier use, it has not.
    """
    return _of_file(name) if name.endswith(".json") else _of_tiktoken(name)


def _of_file(path: str) -> Callable[[str], int]:
    from pathlib import Path

    try:
        from tokenizers import Tokenizer  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise UsageError("no package reads a tokenizer.json here", hint=_HINT) from None
    try:
        tokenizer = Tokenizer.from_file(str(caller().at(Path(path))))
    except Exception as error:  # it raises nothing narrower
        raise UsageError(f"cannot read the tokenizer {path}: {error}") from None
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)


def _of_tiktoken(name: str) -> Callable[[str], int]:
    try:
        import tiktoken  # type: ignore[import-not-found, unused-ignore]
        from tiktoken import load  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        raise UsageError(f"no tokenizer {name} is installed", hint=_HINT) from None
    load.read_file = _refuse  # isg opens no network connection
    try:
        encoding = tiktoken.get_encoding(name)
    except ValueError:
        raise UsageError(f"tiktoken knows no encoding {name}", hint="cl100k_base, o200k_base …") from None
    except _NotKept:
        raise UsageError(
            f"tiktoken has not the file of {name}",
            hint=f'get it once: python -c "import tiktoken; tiktoken.get_encoding({name!r})"',
        ) from None
    return lambda text: len(encoding.encode(text, disallowed_special=()))


class _NotKept(Exception):
    """A file would have to be downloaded."""


def _refuse(path: str) -> bytes:
    raise _NotKept(path)
