"""The list of packages in pyproject.toml is written by hand; here it is held against the folders."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ROOMS = SETTINGS["tool"]["setuptools"]["package-dir"]
DATA = SETTINGS["tool"]["setuptools"]["package-data"]["*"]


def folders() -> list[Path]:
    """Every folder of the rooms that holds something to ship."""
    rooms = [ROOT / room for room in ROOMS.values()]
    below = [each for room in rooms for each in room.rglob("*") if each.is_dir()]
    return [each for each in (*rooms, *below) if any(each.glob("*.py")) and each.name != "__pycache__"]


def package(folder: Path) -> str:
    return "isg." + ".".join(folder.relative_to(ROOT).parts)


def test_every_folder_is_a_declared_package() -> None:
    assert sorted(SETTINGS["tool"]["setuptools"]["packages"]) == sorted(map(package, folders()))


def test_every_package_is_marked_as_one() -> None:
    """Only `isg` itself is a namespace; below it, a folder without the file would be found by accident."""
    assert [each for each in folders() if not (each / "__init__.py").exists()] == []


def test_every_room_is_typed() -> None:
    assert [room for room in ROOMS.values() if not (ROOT / room / "py.typed").exists()] == []


def test_other_files_of_packages_are_shipped() -> None:
    files = [each for folder in folders() for each in folder.iterdir() if each.is_file()]
    shipped = {each for each in files if each.suffix == ".py" or any(each.match(data) for data in DATA)}
    assert [each for each in files if each not in shipped and each.suffix != ".md"] == []
