"""What the server has at which address: a page for each command, JSON-RPC, and a description of both."""

from __future__ import annotations

from functools import cached_property
from urllib.parse import parse_qs, unquote

import msgspec

from isg.cli.command import Command
from isg.cli.failures import error_envelope
from isg.cli.server.asking import Reply, ask
from isg.cli.server.guard import Refusal
from isg.cli.server.http import Request, Response, refused
from isg.cli.server.openapi import describe
from isg.cli.server.parameters import command_of, parameters_of, values_of
from isg.cli.server.rpc import Rpc
from isg.cli.server.service import Service
from isg.graph.errors import IsgError, UsageError

CONTENT_TYPES = {
    "json": "application/json",
    "jsonl": "application/jsonl",
    "sarif": "application/sarif+json",
    "graphml": "application/xml",
    "md": "text/markdown; charset=utf-8",
}
STATUSES = {2: 400, 3: 409, 4: 404, 5: 409, 6: 503}
"""Those of HTTP for the exit statuses of the command line; 500 for any other."""
_JSON = "application/json"
_MOST_FIELDS = 1_000
_COMMANDS = "/v1/"


class Api:
    """Answers requests that were let in."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._rpc = Rpc(service)

    async def answer(self, request: Request) -> Response:
        path = unquote(request.path)
        if path == "/rpc":
            return await self._call(request) if request.method == "POST" else _not_allowed("POST")
        if path == "/openapi.json":
            return Response(200, self._description) if request.method == "GET" else _not_allowed("GET")
        command = command_of(path.removeprefix(_COMMANDS)) if path.startswith(_COMMANDS) else None
        if command is None:
            return refused(Refusal(404, "no-such-address", f"there is nothing at {path[:100]}"))
        if request.method not in ("GET", "POST"):
            return _not_allowed("GET, POST")
        try:
            values = values_of(command, _given(command, request))
        except UsageError as error:
            return _failed(error)
        return _replied(await self._service.run(lambda: ask(self._service.resident, command, values)))

    async def _call(self, request: Request) -> Response:
        if request.content_type != _JSON:
            return _not_json()
        answer = await self._rpc.answer(request.body)
        return Response(204) if answer is None else Response(200, answer)

    @cached_property
    def _description(self) -> bytes:
        return msgspec.json.encode(describe())


def _given(command: Command, request: Request) -> dict[str, object]:
    """What a request says of parameters; raises UsageError."""
    if request.method == "POST":
        if request.content_type != _JSON:
            raise UsageError(f"a body has to be {_JSON}", code="not-json")
        try:
            return msgspec.json.decode(request.body or b"{}", type=dict[str, object])
        except (msgspec.DecodeError, RecursionError) as error:
            raise UsageError("the body is no JSON object", code="not-json") from error
    try:
        fields = parse_qs(request.query, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise UsageError("too many fields") from error
    known = parameters_of(command)
    return {name: known[name].parsed(texts) if name in known else texts for name, texts in fields.items()}


def _replied(reply: Reply) -> Response:
    if reply.error is not None:
        return _failed(reply.error)
    return Response(200, reply.body, CONTENT_TYPES.get(reply.format, "text/plain; charset=utf-8"))


def _failed(error: IsgError) -> Response:
    return Response(STATUSES.get(error.exit_code, 500), error_envelope(error))


def _not_json() -> Response:
    return refused(Refusal(415, "not-json", f"a body has to be {_JSON}"))


def _not_allowed(methods: str) -> Response:
    answer = refused(Refusal(405, "no-such-method", f"only {methods}"))
    return Response(answer.status, answer.body, headers=(("Allow", methods),))
