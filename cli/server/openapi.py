"""The API in the words of OpenAPI 3.1, from the definitions of the commands."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from isg.cli.command import Command
from isg.cli.server.parameters import Parameter, parameters_of, served_commands

_ERRORS = {
    "400": "Wrong use, as exit status 2 of the command line.",
    "401": "The token is missing or wrong.",
    "404": "No such symbol, file or revision; the message names the nearest.",
    "409": "The symbol is ambiguous: the error has the candidates.",
    "503": "The work could not be done.",
}
_OBJECT: dict[str, Any] = {"type": "object"}
_ENVELOPE: dict[str, Any] = {
    "type": "object",
    "required": ["isg", "command", "query", "results", "bound", "truncated", "warnings"],
    "properties": {
        "isg": {"const": 1},
        "command": {"type": "string"},
        "query": _OBJECT,
        "project": {"type": ["object", "null"]},
        "results": {"type": "array", "items": _OBJECT},
        "bound": {"type": "object", "description": "How many results are certain, and what is missing."},
        "truncated": {"type": "boolean"},
        "warnings": {"type": "array", "items": _OBJECT},
    },
}
_ERROR: dict[str, Any] = {
    "type": "object",
    "required": ["isg", "error"],
    "properties": {
        "isg": {"const": 1},
        "error": {
            "type": "object",
            "required": ["code", "exit", "message"],
            "properties": {
                "code": {"type": "string"},
                "exit": {"type": "integer", "description": "The exit status of the command line."},
                "message": {"type": "string"},
                "hint": {"type": ["string", "null"]},
                "candidates": {"type": "array", "items": _OBJECT},
            },
        },
    },
}


def describe() -> dict[str, Any]:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "isg", "version": "1", "description": "Questions to the graph of one project."},
        "security": [{"token": []}],
        "paths": {**{f"/v1/{one.name}": _path(one) for one in served_commands()}, "/rpc": {"post": _rpc()}},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Envelope": _ENVELOPE, "Error": _ERROR},
        },
    }


def _path(command: Command) -> dict[str, Any]:
    parameters = list(parameters_of(command).values())
    said = {"summary": command.summary, "description": inspect.cleandoc(command.body.__doc__ or "")}
    name = command.name.replace("-", "_")
    schema: dict[str, Any] = {
        "type": "object",
        "required": [one.name for one in parameters if one.required],
        "properties": {one.name: _schema(one, command) for one in parameters},
        "additionalProperties": False,
    }
    return {
        "get": {
            **said,
            "operationId": name,
            "parameters": [_in_query(one, command) for one in parameters],
            "responses": _responses(),
        },
        "post": {
            **said,
            "operationId": f"{name}_post",
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
            "responses": _responses(),
        },
    }


def _in_query(one: Parameter, command: Command) -> dict[str, Any]:
    return {
        "name": one.name,
        "in": "query",
        "required": one.required,
        "description": one.description,
        "schema": _schema(one, command),
    }


def _schema(one: Parameter, command: Command) -> dict[str, Any]:
    if one.name == "format":
        return {"type": "string", "enum": list(command.formats), "default": "json"}
    if one.type == "array":
        return {"type": "array", "items": {"type": "string"}, "minItems": 1, "description": one.description}
    known = {} if one.default is None or one.required else {"default": one.default}
    return {"type": one.type, "description": one.description, **known}


def _responses() -> dict[str, Any]:
    return {"200": _response("The answer.", "Envelope"), **dict(_errors())}


def _errors() -> Iterator[tuple[str, Any]]:
    for status, meaning in _ERRORS.items():
        yield status, _response(meaning, "Error")


def _response(meaning: str, schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": meaning, "content": content}


def _rpc() -> dict[str, Any]:
    names = ", ".join(one.name for one in served_commands())
    return {
        "summary": "The same as JSON-RPC 2.0; calls of a batch are answered at once.",
        "description": f"Methods: {names}. Their parameters are those of the pages below /v1/.",
        "operationId": "rpc",
        "requestBody": {"required": True, "content": {"application/json": {"schema": {}}}},
        "responses": {
            "200": {"description": "The answers.", "content": {"application/json": {"schema": {}}}},
            "204": {"description": "Nothing to answer: there were only notifications."},
        },
    }
