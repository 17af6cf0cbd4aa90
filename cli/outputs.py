"""``--output FORMAT:FILE``: further formats of the same answers, written when all are there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from isg.cli.answer import Envelope, Style
from isg.cli.render import FORMATS, renderer
from isg.cli.writing import write_whole
from isg.graph.errors import UsageError

if TYPE_CHECKING:
    from isg.cli.command import Command


class Outputs:
    """The files that a run writes besides its answer."""

    def __init__(self, command: Command, texts: Sequence[str]) -> None:
        self._files = [_parsed(command, text) for text in texts]
        self._pieces: dict[str, list[bytes]] = {name: [] for name, _ in self._files}

    @property
    def formats(self) -> tuple[str, ...]:
        return tuple(self._pieces)

    def add(self, name: str, envelope: Envelope, several: bool) -> None:
        """Render an answer in one of the formats; ``several`` answers of ``jsonl`` are an envelope each."""
        form = "json" if several and name == "jsonl" else name
        self._pieces[name].extend(renderer(form)(envelope, Style()))

    def write(self) -> None:
        """Write every file, as a whole or not at all."""
        for name, path in self._files:
            write_whole(path, b"".join(self._pieces[name]))


def _parsed(command: Command, text: str) -> tuple[str, Path]:
    name, colon, path = text.partition(":")
    if not colon or not path:
        raise UsageError(f"--output takes FORMAT:FILE, not {text!r}", hint="as in --output json:out.json")
    return known_format(command, name), Path(path)


def known_format(command: Command, name: str) -> str:
    """The format, if the command has it."""
    hint = f"one of {', '.join(command.formats)}"
    if name not in FORMATS:
        raise UsageError(f"no such format: {name}", hint=hint)
    if name not in command.formats:
        raise UsageError(f"isg {command.name} has no format {name}", hint=hint)
    return name
