"""From a function that answers to a command of the command line.

A command is a function ``body(ask, …own options…) -> Answer``. What every command shares is here and
nowhere else: the common options, standard input, the limit, the formats, the exit status.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeAlias

from isg.cli import options
from isg.cli.answer import Answer, Envelope, Result, Style
from isg.cli.composition import Ask, Workspace
from isg.cli.failures import error_envelope, report, translate
from isg.cli.options import Common
from isg.cli.render import FORMATS, MACHINE_FORMATS, renderer
from isg.cli.streams import OutputClosed, is_terminal, say, wants_color, write_out
from isg.graph.errors import IsgError, UsageError

Body: TypeAlias = Callable[..., Answer]
STANDARD_INPUT = "-"
SELECTORS = "symbols"  # the name of the parameter that takes SYMBOL…
ROOT = "path"  # the name of the parameter that takes the project's root itself

_COMMON: dict[str, Any] = {
    "format": options.FormatOption,
    "json": options.JsonOption,
    "limit": options.LimitOption,
    "output": options.OutputOption,
    "min_confidence": options.ConfidenceOption,
    "all": options.AllOption,
    "together": options.TogetherOption,
    "stale": options.StaleOption,
    "db": options.DatabaseOption,
    "project": options.ProjectOption,
    "color": options.ColorOption,
    "quiet": options.QuietOption,
}
_DEFAULTS = {one.name: (None if one.name == "output" else one.default) for one in fields(Common)}
_FOR_SELECTORS = frozenset({"all", "together"})
_FOR_GRAPHS = frozenset({"stale", "min_confidence"})


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its function, what it can print, and examples of its use."""

    name: str
    body: Body
    formats: tuple[str, ...]
    examples: tuple[str, ...]
    default_format: str = "text"
    default_confidence: str = "dispatch"
    needs_graph: bool = True
    streams: Callable[[Ask, str, Mapping[str, Any]], Iterator[bytes] | None] | None = None

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
            common = {name: values.pop(name) for name in _COMMON if name in values}
            common["output"] = tuple(common.get("output") or ())
            return Run(self, Common(**common), values).status()

        signature = inspect.Signature(list(self._parameters()))
        run.__dict__["__signature__"] = signature
        run.__annotations__ = {name: one.annotation for name, one in signature.parameters.items()}
        run.__name__ = self.name.replace("-", "_")
        return run

    @property
    def takes_selectors(self) -> bool:
        return SELECTORS in inspect.signature(self.body).parameters

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


class Run:
    """One execution of a command."""

    def __init__(self, command: Command, common: Common, own: dict[str, Any]) -> None:
        self.command = command
        self.common = common
        self.own = own
        self.format = self._format()
        self.outputs = [self._output(text) for text in common.output]
        options.choice(common.stale, options.STALE_POLICIES, "--stale")
        options.choice(common.color, options.COLOR_CHOICES, "--color")
        if common.limit is not None and common.limit < 0:
            raise UsageError("--limit cannot be negative", hint="0 prints all")

    def status(self) -> int:
        """Answer, print, and give the exit status."""
        workspace = Workspace(self.common, self.own.get(ROOT))
        selectors = self.own.get(SELECTORS)
        if selectors is not None and STANDARD_INPUT in selectors:
            return self._many(workspace, list(selectors))
        return self._one(workspace, self.own)

    def _many(self, workspace: Workspace, selectors: list[str]) -> int:
        if len(selectors) > 1:
            raise UsageError("- stands alone: give SYMBOLs as arguments or on standard input, not both")
        read = [line.strip() for line in sys.stdin.read().splitlines()]
        read = [line for line in read if line and not line.startswith("#")]
        if self.common.together:
            return self._one(workspace, {**self.own, SELECTORS: read}) if read else 0
        statuses = [self._one_of_many(workspace, selector) for selector in read]
        failed = [status for status, answered in statuses if not answered]
        if read and len(failed) == len(read):
            return failed[0]
        return max((status for status, answered in statuses if answered), default=0)

    def _one_of_many(self, workspace: Workspace, selector: str) -> tuple[int, bool]:
        try:
            return self._one(workspace, {**self.own, SELECTORS: [selector]}, several=True), True
        except OutputClosed:
            raise
        except Exception as error:
            failure = error if isinstance(error, IsgError) else translate(error)
            if self.format in MACHINE_FORMATS:
                write_out([error_envelope(failure), b"\n"])
            return report(failure, as_json=False), False

    def _one(self, workspace: Workspace, own: Mapping[str, Any], several: bool = False) -> int:
        ask = Ask(workspace, self.common)
        if self.command.streams is not None and not self.outputs:
            pieces = self.command.streams(ask, self.format, own)
            if pieces is not None:
                write_out(pieces)
                return 0
        answer = self.command.body(ask, **own)
        for name, path in self.outputs:
            self._write_file(name, path, self._envelope(ask, answer, own, name))
        envelope = self._envelope(ask, answer, own, self.format)
        self._print(envelope, several)
        if not self.common.quiet and (self.format not in ("text", "md") or answer.verbatim):
            for notice in envelope.warnings:
                say(f"isg: warning: {notice.message}")
        return int(answer.failed)

    def _print(self, envelope: Envelope, several: bool) -> None:
        name = "json" if several and self.format == "jsonl" else self.format
        indent = is_terminal(sys.stdout) and not several and self.format == "json"
        style = Style(color=wants_color(self.common.color, sys.stdout), indent=indent)
        write_out(renderer(name)(envelope, style))
        if several and self.format == "text":
            write_out([b"\n"])

    def _envelope(self, ask: Ask, answer: Answer, own: Mapping[str, Any], name: str) -> Envelope:
        return Envelope(
            command=self.command.name,
            query=self._query(own),
            project=ask.project() if self.command.needs_graph else answer.project,
            answer=answer,
            shown=self._shown(answer, name),
            warnings=(*ask.warnings, *answer.warnings),
            next_step=ask.next_step(answer.bound) if self.command.needs_graph else "",
        )

    def _shown(self, answer: Answer, name: str) -> Sequence[Result]:
        """The results within the limit; in text, where none is given, about a screen of lines."""
        limit = self.common.limit
        if limit is None and name == "text":
            limit = options.TEXT_LIMIT if answer.details is None else _fitting(answer)
        return answer.results[:limit] if limit else answer.results

    def _query(self, own: Mapping[str, Any]) -> dict[str, object]:
        """What was asked: only what decides the answer, never where or when."""
        query: dict[str, object] = {name: value for name, value in own.items() if _decides(value)}
        if self.command.needs_graph:
            query["min_confidence"] = self.common.min_confidence
        if self.common.limit is not None:
            query["limit"] = self.common.limit
        if self.common.all:
            query["all"] = True
        return query

    def _format(self) -> str:
        chosen = self.common.format or ("json" if self.common.json else self.command.default_format)
        if self.common.json and self.common.format not in ("", "json"):
            raise UsageError(f"--json and --format {self.common.format} contradict each other")
        return self._known(chosen, "--format")

    def _known(self, name: str, option: str) -> str:
        if name not in FORMATS:
            raise UsageError(f"no such format: {name}", hint=f"one of {', '.join(self.command.formats)}")
        if name not in self.command.formats:
            raise UsageError(
                f"isg {self.command.name} has no format {name} ({option})",
                hint=f"one of {', '.join(self.command.formats)}",
            )
        return name

    def _output(self, text: str) -> tuple[str, Path]:
        name, colon, path = text.partition(":")
        if not colon or not path:
            raise UsageError(
                f"--output takes FORMAT:FILE, not {text!r}", hint="for example --output json:out.json"
            )
        return self._known(name, "--output"), Path(path)

    def _write_file(self, name: str, path: Path, envelope: Envelope) -> None:
        data = b"".join(renderer(name)(envelope, Style()))
        partial = path.with_name(f".{path.name}.isg-partial")
        partial.write_bytes(data)
        partial.replace(path)


def _decides(value: object) -> bool:
    return value is not None and value is not False and value != "" and value != ()


def _fitting(answer: Answer) -> int:
    """How many results, with their details, fill a screen; at least one."""
    lines = 0
    for count, result in enumerate(answer.results):
        lines += 1 + len(answer.details(result) if answer.details else ())
        if lines > options.TEXT_LIMIT:
            return max(count, 1)
    return 0
