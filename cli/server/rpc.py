"""JSON-RPC 2.0 (https://www.jsonrpc.org/specification): a method for each command, batches at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec

from isg.cli.failures import error_object
from isg.cli.server.asking import Reply, ask
from isg.cli.server.parameters import command_of, parameters_of, values_of
from isg.cli.server.service import Service
from isg.graph.errors import IsgError, UsageError

MOST_CALLS = 1_000  # in one batch
PARSE_ERROR, INVALID_REQUEST, NO_METHOD, INVALID_PARAMS, INTERNAL = -32700, -32600, -32601, -32602, -32603
_SERVER_ERRORS = -32000  # minus the exit status that the command line has
_BUG = 70


class Rpc:
    """Answers what is posted; ``None`` where there is nothing to answer."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def answer(self, body: bytes) -> bytes | None:
        try:
            posted = msgspec.json.decode(body)
        except (msgspec.DecodeError, RecursionError):
            return _encode(_error(None, PARSE_ERROR, "this is no JSON"))
        if not isinstance(posted, list):
            answer = await self._call(posted)
            return None if answer is None else _encode(answer)
        if not 0 < len(posted) <= MOST_CALLS:
            return _encode(_error(None, INVALID_REQUEST, f"a batch has 1 to {MOST_CALLS:,} calls"))
        answers = await asyncio.gather(*map(self._call, posted))
        said = [each for each in answers if each is not None]
        return _encode(said) if said else None

    async def _call(self, call: Any) -> dict[str, Any] | None:  # noqa: ANN401
        wrong = _what_is_wrong(call)
        if wrong is not None:
            return _error(None, INVALID_REQUEST, wrong)
        if "id" not in call:  # a notification: nothing that it could ask has an effect
            return None
        command = command_of(call["method"])
        if command is None:
            return _error(call["id"], NO_METHOD, f"no such method: {call['method']}")
        try:
            params = call.get("params", {})
            if isinstance(params, list):
                params = _by_name(params, list(parameters_of(command)))
            values = values_of(command, params)
            if values.setdefault("format", "json") != "json":
                raise UsageError("over JSON-RPC the format is json")
        except UsageError as error:
            return _failure(call["id"], error)
        return _result(
            call["id"], await self._service.run(lambda: ask(self._service.resident, command, values))
        )


def _what_is_wrong(call: Any) -> str | None:  # noqa: ANN401
    if not isinstance(call, dict) or call.get("jsonrpc") != "2.0":
        return 'a call is an object with "jsonrpc": "2.0"'
    if not isinstance(call.get("method"), str):
        return "method has to be a string"
    if not isinstance(call.get("params", {}), dict | list):
        return "params have to be an object or a list"
    id_ = call.get("id")
    return "id has to be a string or a number" if isinstance(id_, bool | dict | list) else None


def _by_name(params: list[object], names: list[str]) -> Mapping[str, object]:
    if len(params) > len(names):
        raise UsageError(f"there are only {len(names)} parameters")
    return dict(zip(names, params, strict=False))


def _result(id_: object, reply: Reply) -> dict[str, Any]:
    if reply.error is not None:
        return _failure(id_, reply.error)
    return {"jsonrpc": "2.0", "id": id_, "result": msgspec.Raw(reply.body.strip())}


def _failure(id_: object, error: IsgError) -> dict[str, Any]:
    codes = {UsageError.exit_code: INVALID_PARAMS, _BUG: INTERNAL}
    code = codes.get(error.exit_code, _SERVER_ERRORS - error.exit_code)
    return _error(id_, code, error.message, error_object(error))


def _error(id_: object, code: int, message: str, data: object = None) -> dict[str, Any]:
    error = {"code": code, "message": message}
    return {"jsonrpc": "2.0", "id": id_, "error": error if data is None else {**error, "data": data}}


_encode = msgspec.json.Encoder().encode
