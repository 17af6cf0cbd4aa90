"""What a command can be asked over the API: read off its definition, never written down a second time."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, get_args, get_type_hints

from isg.cli.app import COMMANDS
from isg.cli.command import Command
from isg.cli.run import FILES
from isg.graph.errors import UsageError

# What is about a terminal, a process or a file; a server answers about its own project, from it as it is.
_NOT_ASKED = frozenset(
    {"json", "output", "paths_only", "together", "stale", "db", "project", "color", "quiet"}
)
_OF_A_PROCESS = _NOT_ASKED | {"no_server"} | set(FILES)
_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", list[str]: "array"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a command; ``type`` in the words of JSON Schema."""

    name: str
    type: str  # string, integer, number, boolean; array: of strings
    required: bool
    default: object
    description: str

    def value(self, given: object) -> object:
        """A value that came as JSON; raises UsageError where it cannot be one."""
        if self.type == "array":
            items = [given] if isinstance(given, str) else given
            if isinstance(items, list) and items and all(isinstance(item, str) for item in items):
                return items
            raise UsageError(f"{self.name} has to be a string or a list of strings")
        fits = {
            "string": isinstance(given, str),
            "boolean": isinstance(given, bool),
            "integer": isinstance(given, int) and not isinstance(given, bool),
            "number": isinstance(given, int | float) and not isinstance(given, bool),
        }
        if not fits[self.type]:
            article = "an" if self.type == "integer" else "a"
            raise UsageError(f"{self.name} has to be {article} {self.type}")
        return given

    def parsed(self, texts: Sequence[str]) -> object:
        """A value that came in an address; raises UsageError where it cannot be one."""
        if self.type == "array":
            return list(texts)
        if len(texts) > 1:
            raise UsageError(f"{self.name} is given {len(texts)} times")
        (text,) = texts
        if self.type == "boolean" and text.lower() in _BOOLEANS:
            return _BOOLEANS[text.lower()]
        if self.type == "integer" and text.removeprefix("-").isdecimal() and len(text) < _DIGITS:
            return int(text)
        if self.type == "number" and _NUMBER.fullmatch(text) and len(text) < _DIGITS:
            return float(text)
        return self.value(text)


_BOOLEANS = {"": True, "true": True, "1": True, "false": False, "0": False}
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_DIGITS = 19


def served_commands() -> list[Command]:
    """The commands that the API has, in the order in which people need them."""
    return [command for name in COMMANDS if (command := command_of(name)) is not None]


@cache
def command_of(name: str) -> Command | None:
    """The command of a name, with ``_`` or ``-`` in it; None where the API has none: it asks about graphs."""
    name = name.replace("_", "-")
    if name not in COMMANDS:
        return None
    command = import_module(f"isg.cli.commands.{name.replace('-', '_')}").COMMAND
    assert isinstance(command, Command)
    return command if command.needs_graph else None


@cache
def parameters_of(command: Command) -> Mapping[str, Parameter]:
    """By name, what the command can be told over the API."""
    callback = command.callback
    hints = get_type_hints(callback, include_extras=True)
    found = inspect.signature(callback).parameters.values()
    return {one.name: _parameter(one, hints[one.name]) for one in found if one.name not in _OF_A_PROCESS}


def _parameter(one: inspect.Parameter, annotation: Any) -> Parameter:  # noqa: ANN401
    type_, info = get_args(annotation)
    alternatives = (type_,) if type_ in _TYPES else get_args(type_)  # a type, or it or None
    kind = next(_TYPES[each] for each in alternatives if each in _TYPES)
    required = one.default is inspect.Parameter.empty
    default = None if required else one.default
    return Parameter(one.name, kind, required, default, (info.help or "").strip())


def values_of(command: Command, given: Mapping[str, object]) -> dict[str, object]:
    """Checked values for the parameters of a command; raises UsageError."""
    known = parameters_of(command)
    for name in given:
        if name not in known:
            raise UsageError(
                f"{command.name} has no parameter {name}", hint=f"it has {', '.join(sorted(known))}"
            )
    for parameter in known.values():
        if parameter.required and parameter.name not in given:
            raise UsageError(f"{command.name} needs {parameter.name}")
    values = {name: known[name].value(value) for name, value in given.items()}
    if any(value in ("-", ["-"]) for value in values.values()):
        raise UsageError("- is standard input, which a server has none of", hint="give a list")
    return values
