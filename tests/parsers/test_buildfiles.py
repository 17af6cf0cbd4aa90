"""What build files say about names and places, in the dialects that projects are written in."""

from __future__ import annotations

from pathlib import Path

import pytest

from isg.parsers.buildfacts import BuildFacts
from isg.parsers.buildfiles import read_build


def build(root: Path, folders: str = "", **texts: str) -> BuildFacts:
    for folder in folders.split():
        (root / folder).mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return read_build(root, texts)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pyproject.toml", '[project]\nname = "shop"\n'),
        ("pyproject.toml", '[tool.poetry]\nname = "shop"\n'),
        ("setup.cfg", "[metadata]\nname = shop\n"),
        ("setup.py", 'from setuptools import setup\nsetup(name="shop", version=read("v"))\n'),
        ("setup.py", 'import setuptools\nsetuptools.setup(\n    name="shop",\n)\n'),
    ],
)
def test_the_declared_name(tmp_path: Path, file: str, text: str) -> None:
    assert build(tmp_path, **{file: text}).name == "shop"


def test_pyproject_speaks_before_the_others(tmp_path: Path) -> None:
    texts = {
        "setup.py": 'setup(name="c")',
        "setup.cfg": "[metadata]\nname=b",
        "pyproject.toml": "[project]\nname='a'",
    }
    assert build(tmp_path, **texts).name == "a"


def test_without_a_declaration_the_folder_gives_the_name(tmp_path: Path) -> None:
    (tmp_path / "till").mkdir()
    assert read_build(tmp_path / "till") == BuildFacts("till")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("pyproject.toml", '[tool.setuptools]\npackage-dir = {"" = "lib"}\n'),
        ("pyproject.toml", '[tool.setuptools.packages.find]\nwhere = ["lib"]\n'),
        ("pyproject.toml", '[tool.poetry]\npackages = [{include = "shop", from = "lib"}]\n'),
        ("pyproject.toml", '[tool.hatch.build.targets.wheel]\npackages = ["lib/shop"]\n'),
        ("pyproject.toml", '[tool.uv.build-backend]\nmodule-root = "lib"\n'),
        ("pyproject.toml", '[tool.pdm.build]\npackage-dir = "lib"\n'),
        ("setup.cfg", "[options]\npackage_dir =\n    = lib\n"),
        ("setup.cfg", "[options.packages.find]\nwhere = lib\n"),
        ("setup.py", 'setup(package_dir={"": "lib"})'),
    ],
)
def test_declared_roots(tmp_path: Path, file: str, text: str) -> None:
    assert build(tmp_path, "lib/shop", **{file: text}).roots == ("lib",)


def test_a_folder_called_src_is_a_root(tmp_path: Path) -> None:
    assert build(tmp_path, "src").roots == ("src",)


def test_packages_under_another_name(tmp_path: Path) -> None:
    text = '[tool.setuptools.package-dir]\n"shop.web" = "web"\n"shop.gone" = "gone"\n'
    assert build(tmp_path, "web", **{"pyproject.toml": text}).packages == (("shop.web", "web"),)


def test_nested_projects_have_roots_of_their_own(tmp_path: Path) -> None:
    named = '[project]\nname = "{}"\n'
    texts = {f"packages/{name}/pyproject.toml": named.format(name) for name in ("one", "two")}
    found = build(tmp_path, "packages/one/src", **texts, **{"pyproject.toml": named.format("all")})
    assert found == BuildFacts("all", ("packages/one", "packages/one/src", "packages/two"))


def test_no_root_leaves_the_tree(tmp_path: Path) -> None:
    text = '[tool.setuptools.packages.find]\nwhere = ["..", "../../etc", "missing"]\n'
    assert build(tmp_path, **{"pyproject.toml": text}).roots == ()


@pytest.mark.parametrize(
    "text", ["[project", "[project]\nname = 3\n", "\x00", "[tool]\nsetuptools = 1\n", "= = ="]
)
def test_a_broken_file_says_nothing(tmp_path: Path, text: str) -> None:
    found = build(tmp_path, **{"pyproject.toml": text, "setup.py": text, "setup.cfg": text})
    assert (found.roots, found.packages) == ((), ())
    assert found.name == tmp_path.name


def test_setup_py_is_never_run(tmp_path: Path) -> None:
    text = f'open({str(tmp_path / "ran")!r}, "w")\nsetup(name=open("x").read())\n'
    assert build(tmp_path, **{"setup.py": text}).name == tmp_path.name
    assert not (tmp_path / "ran").exists()
