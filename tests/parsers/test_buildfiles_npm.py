"""What package.json and the files beside it say about packages and their entries."""

from __future__ import annotations

import json
from typing import Any

import pytest

from isg.parsers.buildfacts import NpmPackage
from isg.parsers.buildfiles import build_of
from isg.parsers.buildfiles.tree import tree_of_texts


def packages(**texts: str | dict[str, Any]) -> dict[str, NpmPackage]:
    written = {path: text if isinstance(text, str) else json.dumps(text) for path, text in texts.items()}
    return {package.folder: package for package in build_of(tree_of_texts(written), "till").npm}


def package(**fields: Any) -> NpmPackage:
    return packages(**{"package.json": fields})["."]


def test_the_project_is_called_as_the_package_at_its_root() -> None:
    assert build_of(tree_of_texts({"package.json": '{"name": "@shop/web"}'}), "till").name == "@shop/web"
    assert build_of(tree_of_texts({"web/package.json": '{"name": "@shop/web"}'}), "till").name == "till"


def test_python_declares_the_project_before_npm_does() -> None:
    texts = {"package.json": '{"name": "web"}', "pyproject.toml": '[project]\nname = "shop"\n'}
    assert build_of(tree_of_texts(texts), "till").name == "shop"


@pytest.mark.parametrize(
    ("exports", "entries"),
    [
        ("./index.js", ((".", "./index.js"),)),
        ({"import": "./a.mjs", "require": "./a.cjs"}, ((".", "./a.mjs"), (".", "./a.cjs"))),
        ({".": "./a.js", "./lib/*": "./b/*.js"}, ((".", "./a.js"), ("./lib/*", "./b/*.js"))),
        (
            {".": {"node": {"import": "./n.js", "types": "./n.d.ts"}, "source": "./n.ts"}},
            ((".", "./n.ts"), (".", "./n.js"), (".", "./n.d.ts")),
        ),
        ({".": ["./a.js", {"default": "./b.js"}]}, ((".", "./a.js"), (".", "./b.js"))),
        ({".": {"import": "./a.js", "default": "./a.js"}}, ((".", "./a.js"),)),
        ({".": "./a.js", "./internal/*": None}, ((".", "./a.js"), ("./internal/*", ""))),
        (None, ()),
        (3, ()),
    ],
)
def test_exports_are_flattened_with_sources_first(exports: object, entries: object) -> None:
    assert package(name="web", exports=exports).entries == entries


def test_the_packages_own_names() -> None:
    declared = {"#db": {"node": "./db.js", "default": "db-for-browsers"}}
    assert package(imports=declared).imports == (("#db", "./db.js"), ("#db", "db-for-browsers"))


def test_entries_without_exports_are_the_nearest_to_the_sources_first() -> None:
    found = package(main="dist/a.js", types="./dist/a.d.ts", module="dist/a.mjs", source="src/a.ts")
    assert found.mains == ("./src/a.ts", "./dist/a.d.ts", "./dist/a.mjs", "./dist/a.js")


@pytest.mark.parametrize(
    "declaration",
    [
        {"package.json": '{"workspaces": ["packages/*", "!packages/old"]}'},
        {"package.json": '{"workspaces": {"packages": ["./packages/*/", "!packages/old"]}}'},
        {"pnpm-workspace.yaml": "x:\n  - x\npackages:\n  # -\n  - 'packages/*'\n  - \"!packages/old\"\n"},
        {"pnpm-workspace.yaml": "packages: ['packages/*', '!packages/old']\nother: ['*']\n"},
    ],
)
def test_members_of_a_workspace(declaration: dict[str, str]) -> None:
    places = ("packages/web", "packages/old", "packages/web/fixtures/web", "tools")
    found = packages(**declaration, **{f"{place}/package.json": '{"name": "web"}' for place in places})
    assert [found[place].member for place in places] == [True, False, False, False]


def test_dependencies_of_all_kinds() -> None:
    found = package(
        dependencies={"b": "1"}, devDependencies={"c": "1", "b": "1"}, peerDependencies={"a": "*"}
    )
    assert found.dependencies == ("a", "b", "c")


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", '{"name": 3, "exports": {".": {"a": [[3]]}}}', "[" * 100_000, '"\\"' * 100_000],
)
def test_a_broken_file_says_nothing(text: str) -> None:
    found = packages(**{"package.json": text, "pnpm-workspace.yaml": text})
    assert [(each.name, each.entries, each.mains) for each in found.values()] in ([], [("", (), ())])


def test_conditions_may_be_nested_without_end() -> None:
    text = '{"exports": ' + '{"import": ' * 500 + '"./a.js"' + "}" * 501
    assert packages(**{"package.json": text})["."].entries == ()
