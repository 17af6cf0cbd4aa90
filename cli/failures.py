"""How failures reach the user: one line, a hint, a status; never a traceback unless asked for."""

from __future__ import annotations

import errno
from collections.abc import Sequence

from isg.cli.caller import caller
from isg.cli.render.encoding import encode
from isg.cli.render.symbols import place, symbol_object
from isg.cli.streams import say, write_out
from isg.graph.errors import AmbiguousSymbol, IsgError, UsageError, WorkFailed
from isg.graph.model import Symbol

BUG = 70
INTERRUPTED = 130
_CANDIDATES_SHOWN = 10
_FRAMES = 200  # the innermost: where something recurses without an end there are very many


class Bug(IsgError):
    """An error of ours, wrapped so that it is told like any other."""

    code = "internal-error"
    exit_code = BUG


class Interrupted(IsgError):
    code = "interrupted"
    exit_code = INTERRUPTED


def bug(error: BaseException) -> Bug:
    """What the user is told about an exception that nobody expected."""
    what = f"{type(error).__name__}: {error}".replace("\n", " ")
    wrapped = Bug(
        f"this is a bug in isg: {what[:300]}",
        hint="please report it with the output of the same command under ISG_DEBUG=1",
    )
    wrapped.__cause__ = error
    return wrapped


def translate(error: Exception) -> IsgError:
    """Any exception as an error to report: known ones by what the user can do, all others as bugs."""
    if isinstance(error, OSError):
        return _of_system(error)
    tell = getattr(error, "format_message", None)  # typer keeps the types of its errors private
    if callable(tell):
        context = getattr(error, "ctx", None)
        return usage(tell(), getattr(context, "command_path", None))
    if type(error).__name__ == "Abort":
        return Interrupted("interrupted")
    return bug(error)


_SYSTEM = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
    errno.EROFS: "the file system is read-only",
    errno.EMFILE: "too many open files",
}
_SYSTEM_HINTS = {
    errno.ENOSPC: "free some space and run it again; nothing that was indexed is lost",
    errno.EACCES: "--db FOLDER keeps the index elsewhere",
    errno.EROFS: "--db FOLDER keeps the index elsewhere",
}


def _of_system(error: OSError) -> IsgError:
    what = _SYSTEM.get(error.errno or 0, error.strerror or str(error))
    where = f": {error.filename}" if error.filename else ""
    return WorkFailed(what + where, hint=_SYSTEM_HINTS.get(error.errno or 0))


def usage(message: str, command: str | None = None) -> UsageError:
    """A wrong use of the command line, in the tone of the other errors."""
    message = message.strip().rstrip(".")
    if message[:1].isupper() and not message[:2].isupper():
        message = message[0].lower() + message[1:]
    return UsageError(message, hint=f"see {command or 'isg'} --help")


def report(error: IsgError, as_json: bool) -> int:
    """Tell the user (and, with a JSON format, the program that reads us); gives the exit status."""
    if as_json:
        write_out([error_envelope(error), b"\n"])
    say(f"isg: error: {_one_line(error.message)}")
    if isinstance(error, AmbiguousSymbol):
        _say_candidates(error.candidates)
    if error.hint:
        say(f"hint: {_one_line(error.hint)}")
    if caller().environment.get("ISG_DEBUG") == "1" and isinstance(error, Bug):
        import traceback

        traceback.print_exception(error.__cause__ or error, limit=-_FRAMES, file=caller().err)
    return error.exit_code


def _say_candidates(candidates: Sequence[Symbol]) -> None:
    """A table of what the user may have meant."""
    from isg.cli.render.text import aligned, clean

    shown = candidates[:_CANDIDATES_SHOWN]
    for line in aligned([(clean(one.key), one.kind.value, place(symbol_object(one))) for one in shown]):
        say(f"  {line}")
    if len(candidates) > len(shown):
        say(f"  … {len(candidates) - len(shown)} more")


def error_envelope(error: IsgError) -> bytes:
    return encode({"isg": 1, "error": error_object(error)})


def error_object(error: IsgError) -> dict[str, object]:
    """An error as programs read it."""
    body: dict[str, object] = {
        "code": error.code,
        "exit": error.exit_code,
        "message": error.message,
        "hint": error.hint,
    }
    if error.candidates:
        body["candidates"] = [symbol_object(candidate) for candidate in error.candidates]
    return body


def asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether a command line that could not be understood wanted JSON all the same."""
    wanted = {"json", "jsonl"}
    for position, argument in enumerate(arguments):
        if argument == "--json":
            return True
        if argument in ("--format", "-f") and position + 1 < len(arguments):
            return arguments[position + 1] in wanted
        if argument.startswith("--format="):
            return argument.partition("=")[2] in wanted
    return False


def _one_line(text: str) -> str:
    return " ".join(text.split())
