"""What tsconfig.json and jsconfig.json say about where modules are found."""

from __future__ import annotations

import pytest

from isg.parsers.buildfacts import TsConfig
from isg.parsers.buildfiles import build_of
from isg.parsers.buildfiles.tree import tree_of_texts


def configs(**texts: str) -> dict[str, TsConfig]:
    return {config.path: config for config in build_of(tree_of_texts(texts), "till").tsconfigs}


def test_comments_and_trailing_commas() -> None:
    text = """// ours
    {"compilerOptions": { /* of
        TypeScript */ "baseUrl": "./src", // not "lib"
        "paths": {"@//*": ["/*no comment*/x", "a,]",],},
    }, }"""
    found = configs(**{"web/tsconfig.json": text})["web/tsconfig.json"]
    assert (found.folder, found.base_url) == ("web", "web/src")
    assert found.paths == (("@//*", ("web/src/a,]",)),)


def test_paths_without_a_base_are_relative_to_the_file_that_has_them() -> None:
    base = '{"compilerOptions": {"paths": {"@/*": ["../src/*"]}}}'
    found = configs(
        **{"config/tsconfig.base.json": base, "tsconfig.json": '{"extends": "./config/tsconfig.base"}'}
    )
    assert found["tsconfig.json"].paths == (("@/*", ("src/*",)),)


def test_a_later_file_takes_the_place_of_an_earlier_one_option_by_option() -> None:
    first = '{"compilerOptions": {"baseUrl": ".", "outDir": "out", "rootDir": "a"}, "include": ["a"]}'
    second = '{"compilerOptions": {"rootDir": "b", "paths": {"x": ["y"]}}}'
    texts = {
        "base/tsconfig.first.json": first,
        "base/tsconfig.second.json": second,
        "web/tsconfig.json": '{"extends": ["../base/tsconfig.first.json", "../base/tsconfig.second.json"]}',
    }
    found = configs(**texts)["web/tsconfig.json"]
    assert (found.base_url, found.out_dir, found.root_dir) == ("base", "base/out", "base/b")
    assert (found.paths, found.include) == ((("x", ("base/y",)),), ("base/a",))


def test_a_configuration_that_a_package_of_the_tree_gives() -> None:
    texts = {
        "tooling/typescript-config/package.json": '{"name": "@repo/typescript-config"}',
        "tooling/typescript-config/web.json": '{"compilerOptions": {"paths": {"~": ["${configDir}/app"]}}}',
        "web/tsconfig.json": '{"extends": "@repo/typescript-config/web.json"}',
    }
    assert configs(**texts)["web/tsconfig.json"].paths == (("~", ("web/app",)),)


def test_a_configuration_of_projects_says_what_they_do() -> None:
    texts = {
        "tsconfig.json": '{"files": [], "references": [{"path": "./tsconfig.app.json"}, {"path": "./lib"}]}',
        "tsconfig.app.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["src/*"]}}}',
        "lib/tsconfig.json": '{"compilerOptions": {"rootDir": "src", "outDir": "dist"}}',
    }
    found = configs(**texts)["tsconfig.json"]
    assert found.references == ("tsconfig.app.json", "lib/tsconfig.json")
    assert (found.base_url, found.paths) == (".", (("@/*", ("src/*",)),))


def test_files_that_extend_each_other() -> None:
    texts = {
        "tsconfig.a.json": '{"extends": "./tsconfig.b.json", "compilerOptions": {"outDir": "a"}}',
        "tsconfig.b.json": '{"extends": "./tsconfig.a", "compilerOptions": {"outDir": "b", "rootDir": "b"}}',
    }
    found = configs(**texts)
    assert [(each.out_dir, each.root_dir) for each in found.values()] == [("a", "b"), ("b", "b")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[1]",
        "/*" * 100_000,
        '"\\' * 100_000,
        ",\t" * 100_000,
        '{"extends": 3, "compilerOptions": {"baseUrl": {}, "paths": [1], "rootDirs": 1}, "references": 1}',
        '{"extends": "../../../x", "compilerOptions": {"baseUrl": "../..", "outDir": "/etc"}}',
    ],
)
def test_a_broken_file_says_nothing(text: str) -> None:
    for found in configs(**{"tsconfig.json": text}).values():
        assert (found.base_url, found.paths, found.root_dirs, found.references, found.out_dir) == (
            "",
            (),
            (),
            (),
            "",
        )
