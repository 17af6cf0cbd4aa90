"""One execution of a command: its questions answered, limited, printed, and the exit status."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from isg.cli import options
from isg.cli.answer import Answer, Envelope, Result, Style
from isg.cli.caller import caller
from isg.cli.command import SELECTORS, Command
from isg.cli.composition import Ask, Workspace
from isg.cli.failures import error_envelope, report, translate
from isg.cli.options import Common
from isg.cli.outputs import Outputs, known_format
from isg.cli.render import MACHINE_FORMATS, renderer
from isg.cli.render.encoding import text_bytes
from isg.cli.render.symbols import paths_of
from isg.cli.streams import OutputClosed, answers_to_terminal, say, wants_color, write_out
from isg.graph.errors import IsgError, RecordDamaged, RecordMoved, UsageError

STANDARD_INPUT = "-"
ROOT = "path"  # the name of the parameter that takes the project's root itself
_GAP = 3  # characters beside a cell of text, at most
_TRIES = 3  # to catch files that are written all the time at rest
FILES = ("path", "baseline_file", "write_baseline")  # where, not what: no part of the question


class Run:
    """One execution of a command."""

    def __init__(self, command: Command, common: Common, own: dict[str, Any]) -> None:
        self.command = command
        self.common = common
        self.own = own
        self.format = self._format()
        self.outputs = Outputs(command, common.output)
        options.confidence(common.min_confidence)
        options.choice(common.stale, options.STALE_POLICIES, "--stale")
        options.choice(common.color, options.COLOR_CHOICES, "--color")
        if common.limit is not None and common.limit < 0:
            raise UsageError("--limit cannot be negative", hint="0 prints all")

    def status(self) -> int:
        """Answer, print, and give the exit status."""
        workspace = Workspace(self.common, self.own.get(ROOT))
        selectors = self.own.get(SELECTORS)
        if selectors is not None and STANDARD_INPUT in selectors:
            status = self._many(workspace, list(selectors))
        else:
            status = self._one(workspace, self.own)
        self.outputs.write()
        return status

    def _many(self, workspace: Workspace, selectors: list[str]) -> int:
        """One question for each line of standard input, or one for all."""
        if len(selectors) > 1:
            raise UsageError("- stands alone: give SYMBOLs as arguments or on standard input, not both")
        read = _read_selectors()
        if not read:
            say("isg: warning: no selectors on standard input")
            return 0
        if self.common.together:
            return self._one(workspace, {**self.own, SELECTORS: read})
        workspace.graph  # noqa: B018 - what is wrong with the index is said once
        statuses = [self._one_of_many(workspace, selector) for selector in read]
        failed = [status for status, answered in statuses if not answered]
        return failed[0] if len(failed) == len(read) else max(s for s, answered in statuses if answered)

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
        if self.command.streams is not None and not self.outputs.formats and not self.common.paths_only:
            pieces = self.command.streams(ask, self.format, own)
            if pieces is not None:
                for some in ([piece] for piece in pieces) if self.command.live else [pieces]:
                    write_out(some)
                return 0
        ask, answer = self._answered(ask, own)
        for name in self.outputs.formats:
            formed = answer if answer.formed is None else answer.formed(name)
            self.outputs.add(name, self._envelope(ask, formed, own, name), several)
        envelope = self._envelope(ask, answer, own, self.format)
        self._print(envelope, several)
        if not self.common.quiet and (self.format not in ("text", "md") or answer.verbatim):
            for notice in envelope.warnings:
                say(f"isg: warning: {notice.message}")
        return int(answer.failed)

    def _answered(self, ask: Ask, own: Mapping[str, Any]) -> tuple[Ask, Answer]:
        """The answer, all of it from one state of index and files: asked again where they moved meanwhile."""
        for attempt in itertools.count(1):
            try:
                answer = self.command.body(ask, **own)
                if not ask.without_text or self.common.stale != "refresh" or attempt >= _TRIES:
                    return ask, answer
                ask.workspace.forget()
            except (RecordDamaged, RecordMoved) as error:
                ask.workspace.look_again(error, attempt)
            ask = Ask(ask.workspace, self.common)
        raise AssertionError

    def _print(self, envelope: Envelope, several: bool) -> None:
        name = "json" if several and self.format == "jsonl" else self.format
        indent = answers_to_terminal() and not several and self.format == "json"
        style = Style(color=wants_color(self.common.color), indent=indent)
        if self.common.paths_only:
            write_out(text_bytes(path + "\n") for path in paths_of(envelope.shown))
            return
        write_out(renderer(name)(envelope, style))
        if several and self.format in ("text", "md"):
            write_out([b"\n"])

    def _envelope(self, ask: Ask, answer: Answer, own: Mapping[str, Any], name: str) -> Envelope:
        return Envelope(
            command=self.command.name,
            query=self._query(own),
            project=ask.project() if self.command.needs_graph else answer.project,
            answer=answer,
            shown=self._shown(answer, name),
            warnings=(*ask.warnings, *answer.warnings, *ask.gap(answer)),
            next_step=ask.next_step(answer.bound) if self.command.needs_graph else "",
        )

    def _shown(self, answer: Answer, name: str) -> Sequence[Result]:
        """The results within the limit; in text for people, where none is given, about a screen of lines."""
        limit = self.common.limit
        if limit is None and name == "text" and not self.common.paths_only:
            limit = _fitting(answer)
        return answer.results[:limit] if limit else answer.results

    def _query(self, own: Mapping[str, Any]) -> dict[str, object]:
        """What was asked: only what decides the answer, never where or when."""
        query: dict[str, object] = {
            name: value for name, value in own.items() if name not in FILES and _decides(value)
        }
        if self.command.needs_graph:
            query["min_confidence"] = self.common.min_confidence
        if self.common.limit is not None:
            query["limit"] = self.common.limit
        if self.common.all:
            query["all"] = True
        return query

    def _format(self) -> str:
        chosen = self.common.format or ("json" if self.common.json else self.command.default_format)
        if self.common.paths_only and (self.common.json or self.common.format):
            raise UsageError("--paths-only is a format of its own: leave --format out")
        if self.common.json and self.common.format not in ("", "json"):
            raise UsageError(f"--json and --format {self.common.format} contradict each other")
        return known_format(self.command, chosen)


def _read_selectors() -> list[str]:
    data = caller().read_input().decode("utf-8", "surrogateescape")
    return [line.strip() for line in data.split("\n") if line.strip()]


def _decides(value: object) -> bool:
    return value is not None and value is not False and value != "" and value != ()


def _fitting(answer: Answer) -> int:
    """How many results, with their details, fill a screen of text; 0 where all do, else at least one."""
    lines, beside, widths = 0, 0, [len(head) for head in answer.columns]
    for count, result in enumerate(answer.results):
        cells = [len(cell.encode("utf-8", "replace")) for cell in answer.cells(result)]
        details = answer.details(result) if answer.details else ()
        widths = [max(pair) for pair in itertools.zip_longest(widths, cells, fillvalue=0)]
        lines += 1 + len(details)
        beside += sum(len(line.encode("utf-8", "replace")) for line in details)
        in_bytes = (count + 1) * (sum(widths) + _GAP * len(widths)) + beside
        if lines > options.TEXT_LIMIT or in_bytes > options.TEXT_BYTES:
            return max(count, 1)
    return 0
