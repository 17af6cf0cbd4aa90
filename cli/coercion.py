"""Values of options without typer's validator.

typer checks each value with pydantic, whose import takes longer than a whole query of ours, for what is
a string, a number or a list of strings. Where typer works as we know it, our own three lines take its
place; where it does not, its own way stays.
"""

from __future__ import annotations

from typing import Any

import typer


class Plain:
    """Turns what the parser read into str, int, bool or a list of strings."""

    def __init__(self, annotation: Any) -> None:  # noqa: ANN401 - what typer says a parameter is
        self.annotation = annotation

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:  # noqa: ANN401 - typer's own types are private
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        if self.annotation is not int:
            return value
        try:
            return int(value)
        except ValueError:
            raise typer.BadParameter(f"{value!r} is not a whole number", ctx=ctx, param=param) from None


_PLAIN = (str, int, bool, list[str])


def skip_validation(parameters: list[Any]) -> list[Any]:
    """The same parameters of a command, cheap to read."""
    for parameter in parameters:
        descriptor = getattr(parameter, "type_descriptor", None)
        annotation = getattr(descriptor, "annotation", None)
        special = getattr(descriptor, "is_ranged", False) or getattr(descriptor, "is_choice", False)
        if annotation in _PLAIN and not special and hasattr(parameter, "_runtime_param"):
            parameter._runtime_param = Plain(annotation)
    return parameters
