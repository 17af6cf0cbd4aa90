"""One question of the API: a command run for a caller who has neither a terminal nor files here."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isg.cli.caller import Caller, NotServed, on_behalf_of
from isg.cli.command import Command
from isg.cli.failures import translate
from isg.graph.errors import IsgError, WorkFailed

if TYPE_CHECKING:
    from isg.store.resident.project import Resident


@dataclass(frozen=True, slots=True)
class Reply:
    """What a command printed in a format; the error in place of it where there was one."""

    body: bytes
    format: str
    error: IsgError | None = None


def ask(resident: Resident, command: Command, values: Mapping[str, object]) -> Reply:
    """Run a command with checked values, in JSON unless they say otherwise."""
    out = io.BytesIO()
    form = str(values.get("format") or "json")
    caller = Caller(
        out=io.TextIOWrapper(out, "utf-8", write_through=True),
        err=None,
        read_input=bytes,
        environment={},
        folder=resident.root,
        resident=resident,
        only=True,
    )
    try:
        with on_behalf_of(caller):
            command.run({**values, "format": form})
    except NotServed:
        return Reply(b"", form, WorkFailed("the index is damaged", hint="isg index --full makes it again"))
    except IsgError as error:
        return Reply(b"", form, error)
    except Exception as error:
        return Reply(b"", form, translate(error))
    return Reply(out.getvalue(), form)
