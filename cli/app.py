"""The command line as a whole: its commands by name, each loaded only when it is the one that runs."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from typer.core import TyperCommand, TyperGroup

from isg.cli.coercion import skip_validation
from isg.graph.errors import UsageError

if TYPE_CHECKING:
    from isg.cli.command import Command

# In the order in which people need them; a test holds each sentence against the command's own.
COMMANDS: dict[str, str] = {
    "index": "Bring the index of a project up to date.",
    "who-implements": "Show every type that implements SYMBOL, or every override of a method.",
    "blast-radius": "Show everything that can break when SYMBOL changes, likeliest first.",
    "find-cycles": "Find circles of dependencies, and the fewest edges that open them.",
    "context": "Collect the code a reader needs to understand SYMBOL, within a budget of tokens.",
    "map": "Show the most important signatures of the project, within a budget of tokens.",
    "hotspots": "Rank code by size, complexity and change: where the next bug is likeliest.",
    "co-change": "Show what changed in the same commits as SYMBOL, and whether the graph knows why.",
    "search": "Find symbols by what they are called, take and say, best first.",
    "symbols": "Find symbols by name.",
    "show": "Show one symbol: its place, signature, documentation and source.",
    "callers": "Show what calls SYMBOL.",
    "callees": "Show what SYMBOL calls.",
    "refs": "Show every place that mentions SYMBOL, or a name that could not be resolved.",
    "paths": "Show how A depends on B, step by step.",
    "why": "Prove the edge from A to B, or show where resolution stopped.",
    "stats": "Count symbols and edges by kind, and show how complexity is spread.",
    "coverage": "Show how many call sites were resolved, by form and by file, worst first.",
    "export": "Print all symbols or all edges.",
    "verify": "Check that the index is whole, and print one hash of all that it says.",
    "gc": "Give back the space of what the index no longer needs.",
    "status": "Show where the index is, what it holds and whether it is up to date.",
    "serve": "Hold the project in memory, so that every command answers at once.",
    "watch": "Keep the index up to date while people work, and print a line for every change.",
}

_EPILOG = """\b
First steps:
  isg index                          index the project in this folder
  isg who-implements Field           every subclass, direct or not
  isg blast-radius Model.save        what can break, and why
  isg context Model.save --budget 4000 | llm "explain"
\b
Exit codes: 0 answered, 1 a gate failed, 2 wrong usage, 3 ambiguous symbol, 4 no such symbol,
5 stale index, 6 could not do it, 70 a bug in isg, 130 interrupted.
"""


class QuickCommand(TyperCommand):
    """A command whose options are cheap to read."""

    def get_params(self, ctx: Any) -> Any:  # noqa: ANN401
        return skip_validation(super().get_params(ctx))


class LazyGroup(TyperGroup):
    """Finds a command's module by the command's name."""

    def get_params(self, ctx: Any) -> Any:  # noqa: ANN401
        return skip_validation(super().get_params(ctx))

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - typer keeps its context type private
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"isg.cli.commands.{cmd_name.replace('-', '_')}")
        return build(cast("Command", module.COMMAND))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, n=1)
            hint = f"did you mean {near[0]}?" if near else "isg --help lists them"
            raise UsageError(f"no such command: {name}", hint=hint)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def build(command: Command) -> Any:  # noqa: ANN401
    """A command as the parser of the command line knows it."""
    single = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    settings: dict[str, Any] = {"cls": QuickCommand, "help": command.help, "context_settings": _CONTEXT}
    single.command(name=command.name, **settings)(command.callback)
    return typer.main.get_command(single)


_CONTEXT: dict[str, Any] = {"help_option_names": ["--help", "-h"], "max_content_width": 100}


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"isg {version('isg')}")
        except PackageNotFoundError:
            typer.echo("isg (run from its sources)")
        raise typer.Exit


def application() -> Any:  # noqa: ANN401
    """The root command."""
    root = typer.Typer(
        cls=LazyGroup,
        name="isg",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=_CONTEXT,
        epilog=_EPILOG,
    )

    @root.callback(invoke_without_command=True)
    def isg(
        ctx: typer.Context,
        version: Annotated[
            bool,
            typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True),
        ] = False,
    ) -> None:
        """Ask a codebase: who implements it, what breaks when it changes, what to read first."""
        if ctx.invoked_subcommand is None:
            typer.echo(ctx.get_help())

    return typer.main.get_command(root)
