"""Help: every command can be understood from the terminal alone."""

from __future__ import annotations

from importlib import import_module

import pytest

from isg.cli.app import COMMANDS


def command(name: str):
    return import_module(f"isg.cli.commands.{name.replace('-', '_')}").COMMAND


def test_the_root_lists_every_command(isg) -> None:
    outcome = isg("--help")
    assert outcome.status == 0 and outcome.err == ""
    for name in COMMANDS:
        assert f"\n  {name} " in outcome.out


def test_no_command_is_help(isg) -> None:
    assert isg().out == isg("--help").out


@pytest.mark.parametrize("name", COMMANDS)
def test_command_says_what_it_does_and_how(isg, name: str) -> None:
    outcome = isg(name, "--help")
    assert outcome.status == 0
    assert "Examples:" in outcome.out
    assert all(example in outcome.out for example in command(name).examples)
    assert all(example.split()[0] in ("isg", "git") for example in command(name).examples)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_what_the_command_says(name: str) -> None:
    """The list is kept apart so that `isg --help` loads no command."""
    assert command(name).summary == COMMANDS[name]
    assert command(name).name == name


def test_version(isg) -> None:
    assert isg("--version").out.startswith("isg ")
