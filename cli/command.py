"""From a function that answers to a command of the command line.

A command is a function ``body(ask, …own options…) -> Answer``. What every command shares is here and
nowhere else: the common options, standard input, the limit, the formats, the exit status.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import msgspec

from isg.cli import options
from isg.cli.answer import Answer
from isg.cli.composition import Ask
from isg.cli.options import Common

Body: TypeAlias = Callable[..., Answer]
SELECTORS = "symbols"  # the name of the parameter that takes SYMBOL…

_COMMON: dict[str, Any] = {
    "format": options.FormatOption,
    "json": options.JsonOption,
    "limit": options.LimitOption,
    "output": options.OutputOption,
    "paths_only": options.PathsOption,
    "min_confidence": options.ConfidenceOption,
    "all": options.AllOption,
    "together": options.TogetherOption,
    "stale": options.StaleOption,
    "db": options.DatabaseOption,
    "project": options.ProjectOption,
    "color": options.ColorOption,
    "quiet": options.QuietOption,
    "no_server": options.NoServerOption,
}
_DEFAULTS = {name: None if name == "output" else getattr(Common(), name) for name in Common.__struct_fields__}
_FOR_SELECTORS = frozenset({"all", "together"})
_FOR_GRAPHS = frozenset({"stale", "min_confidence", "paths_only", "no_server"})


class Command(msgspec.Struct, frozen=True):
    """A command: its function, what it can print, and examples of its use."""

    name: str
    body: Body
    formats: tuple[str, ...]
    examples: tuple[str, ...]
    default_format: str = "text"
    default_confidence: str = "dispatch"
    needs_graph: bool = True
    streams: Callable[[Ask, str, Mapping[str, Any]], Iterator[bytes] | None] | None = None
    live: bool = False  # what it streams is shown piece by piece, as it comes

    @property
    def summary(self) -> str:
        """The first sentence of the help."""
        return inspect.cleandoc(self.body.__doc__ or "").partition("\n\n")[0].replace("\n", " ")

    @property
    def help(self) -> str:
        text = inspect.cleandoc(self.body.__doc__ or "")
        examples = "\n".join(f"  {example}" for example in self.examples)
        formats = f"Formats: {', '.join(self.formats)} (default {self.default_format})."
        return f"{text}\n\n\b\nExamples:\n{examples}\n\n{formats}"

    @property
    def callback(self) -> Callable[..., int]:
        """The function that the parser calls, with the command's own options and the common ones."""

        def run(**values: Any) -> int:  # noqa: ANN401
            return self.run(values)

        signature = inspect.Signature(list(self._parameters()))
        run.__dict__["__signature__"] = signature
        run.__annotations__ = {name: one.annotation for name, one in signature.parameters.items()}
        run.__name__ = self.name.replace("-", "_")
        return run

    def run(self, values: Mapping[str, Any]) -> int:
        """Answer with these values of its options, and give the exit status; those left out have defaults."""
        from isg.cli.run import Run

        defaults = {parameter.name: parameter.default for parameter in self._parameters()}
        own = {**defaults, **values}
        common = {name: own.pop(name) for name in _COMMON if name in own}
        common["output"] = tuple(common.get("output") or ())
        return Run(self, Common(**common), own).status()

    def _parameters(self) -> Iterator[inspect.Parameter]:
        own = list(inspect.signature(self.body, eval_str=True).parameters.values())[1:]
        for parameter in own:
            yield parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, annotation in _COMMON.items():
            if self._has(name, {parameter.name for parameter in own}):
                default = self.default_confidence if name == "min_confidence" else _DEFAULTS[name]
                yield inspect.Parameter(
                    name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation
                )

    def _has(self, name: str, own: set[str]) -> bool:
        if name in own or (name in _FOR_GRAPHS and not self.needs_graph):
            return False
        return name not in _FOR_SELECTORS or SELECTORS in own or (name == "all" and "source" in own)
