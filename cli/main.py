"""The entry point: runs the command line, and turns whatever happens into an exit status."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False  # importing typing takes longer than asking a server
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn


def main() -> NoReturn:
    """What the ``isg`` script calls.

    It ends the process itself: all that was opened is closed by then, and to let the interpreter free
    millions of objects one by one takes a tenth of the time of a query, and more after a first index.
    """
    arguments = sys.argv[1:]
    status = _served(arguments)
    if status is None:
        gc.disable()  # the garbage of one command is not worth a search: who stays enables it again
        from isg.cli.streams import flush_all

        status = run(arguments)
        flush_all()
    os._exit(status)


def _served(arguments: Sequence[str]) -> int | None:
    """The exit status of a command that the project's server has answered; None where it has to run here."""
    from isg.cli.client import forwarded

    try:
        return forwarded(arguments)
    except KeyboardInterrupt:
        from isg.cli import failures

        return failures.report(failures.Interrupted("interrupted"), failures.asks_for_json(arguments))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit status; writes to the streams of whoever asks."""
    from isg.cli.streams import OutputClosed

    try:
        return _reported(list(arguments))
    except (OutputClosed, BrokenPipeError):
        return 0


def _reported(arguments: list[str]) -> int:
    from isg.cli import failures
    from isg.cli.streams import OutputClosed
    from isg.graph.errors import IsgError

    as_json = failures.asks_for_json(arguments)
    try:
        return _invoked(arguments)
    except IsgError as error:
        return failures.report(error, as_json)
    except KeyboardInterrupt:
        return failures.report(failures.Interrupted("interrupted", hint=_after_interrupt(arguments)), as_json)
    except (OutputClosed, BrokenPipeError):
        raise
    except Exception as error:
        return failures.report(failures.translate(error), as_json)


def _invoked(arguments: list[str]) -> int:
    from isg.cli.app import application
    from isg.cli.failures import INTERRUPTED

    status = application().main(args=arguments, prog_name="isg", standalone_mode=False)
    if status == INTERRUPTED:  # the parser of the command line has turned Ctrl-C into this number
        raise KeyboardInterrupt
    return status if isinstance(status, int) else 0


def _after_interrupt(arguments: Sequence[str]) -> str | None:
    return "the index is as it was; run it again to go on" if arguments[:1] == ["index"] else None


if __name__ == "__main__":
    main()
