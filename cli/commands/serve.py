"""``isg serve``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer

from isg.cli.answer import Answer
from isg.cli.command import Command
from isg.cli.composition import Ask
from isg.cli.render.encoding import encode, text_bytes
from isg.cli.streams import write_out
from isg.graph.errors import UsageError

PathArgument = Annotated[
    str | None, typer.Argument(metavar="[PATH]", help="The project's root. [default: here]")
]
StopOption = Annotated[bool, typer.Option("--stop", help="End the server of the project.")]
StatusOption = Annotated[bool, typer.Option("--status", help="Show whether there is one, and how it is.")]
IdleOption = Annotated[
    int | None,
    typer.Option("--idle-exit", metavar="MINUTES", help="End when nobody has asked anything for so long."),
]
HttpOption = Annotated[
    str, typer.Option("--http", metavar="[HOST:]PORT", help="Also answer HTTP there: JSON-RPC and REST.")
]
RemoteOption = Annotated[
    bool, typer.Option("--allow-remote", help="Let --http listen where other machines can reach it.")
]
NoWatchOption = Annotated[
    bool, typer.Option("--no-watch", help="Look at the files only when something is asked.")
]


def serve(
    ask: Ask,
    path: PathArgument = None,
    http: HttpOption = "",
    allow_remote: RemoteOption = False,
    idle_exit: IdleOption = None,
    no_watch: NoWatchOption = False,
    stop: StopOption = False,
    status: StatusOption = False,
) -> Answer:
    """Hold the project in memory, so that every command answers at once.

    Runs until it is stopped; one for each project. The commands find it by themselves, and answer the same
    without it. Before every answer it looks whether a file has changed. It listens on a socket that only
    you can use; with --http also programs that bring the token (Authorization: Bearer …) are answered, at
    /v1/COMMAND and /rpc. What there is stands at /openapi.json.
    """
    if stop and status:
        raise UsageError("--stop and --status are two questions: ask one")
    if stop:
        return _stopped(ask)
    if status:
        return _status(ask)
    raise UsageError("isg serve has no end at which a file could be written: leave --output out")


def stream(ask: Ask, form: str, own: Mapping[str, Any]) -> Iterator[bytes] | None:
    """Serves, and says one line when it begins."""
    if own["stop"] or own["status"]:
        return None
    if own["idle_exit"] is not None and own["idle_exit"] < 1:
        raise UsageError("--idle-exit must be 1 or more")
    _serve(ask, form, own)
    return iter(())


def _serve(ask: Ask, form: str, own: Mapping[str, Any]) -> None:
    import asyncio

    from isg.cli.recording import recorder
    from isg.cli.server.lifecycle import Server, Settings
    from isg.cli.server.presence import Presence
    from isg.cli.server.service import Service
    from isg.cli.server.web import Address
    from isg.migrations import upgrade
    from isg.store.collecting import stay
    from isg.store.resident.project import Resident

    address = Address.parse(own["http"], own["allow_remote"]) if own["http"] else None
    location = ask.workspace.location
    location.prepare()
    presence = Presence(location)
    with presence.claimed():
        ask.graph  # noqa: B018 - by all processors, while there is a single thread
        stay()
        resident = Resident(ask.root, location, upgrade, recorder(ask.root, location))
        resident.warm_up()
        service = Service(resident)
        minutes = own["idle_exit"]
        settings = Settings(None if minutes is None else minutes * 60.0, not own["no_watch"], address)
        server = Server(service, presence, settings)

        def ready() -> None:
            said = server.status()
            web = f"{said['http']} with the token in {said['token']}\n" if "http" in said else ""
            text = f"serving {said['root']} (process {said['pid']}); isg serve --stop ends it\n{web}"
            write_out([text_bytes(text) if form == "text" else encode(said) + b"\n"])

        try:
            asyncio.run(server.run(ready))
        finally:
            service.close()


def _stopped(ask: Ask) -> Answer:
    from isg.cli.server import control

    stopped = control.stop(ask.workspace.location)
    title = "the server has ended" if stopped else "no server runs for this project"
    return Answer(results=[{"stopped": stopped}], title=title, document="", bounded=False)


def _status(ask: Ask) -> Answer:
    from isg.cli.server import control

    found = control.status(ask.workspace.location)
    if found is None:
        return Answer(
            results=[{"running": False}], title="no server runs for this project", document="", bounded=False
        )
    lines = (f"{name + ':':<10} {value}" for name, value in found.items())
    return Answer(
        results=[{"running": True, **found}],
        title=f"{found['root']}: served",
        document="\n".join(lines),
        bounded=False,
    )


COMMAND = Command(
    name="serve",
    body=serve,
    formats=("text", "json", "jsonl"),
    examples=(
        "isg serve &",
        "isg serve --idle-exit 30 &",
        "isg serve --http 8765 &",
        "isg serve --status",
        "isg serve --stop",
    ),
    needs_graph=False,
    streams=stream,
)
