"""What Cargo.toml says about crates, their root files and the crates that they may name."""

from __future__ import annotations

import pytest

from isg.parsers.buildfacts import Crate
from isg.parsers.buildfiles import build_of
from isg.parsers.buildfiles.tree import tree_of_texts

NAMED = '[package]\nname = "regex-core"\nedition = "2021"\n'


def crates(sources: str = "src/lib.rs", **manifests: str) -> dict[str, Crate]:
    texts = dict.fromkeys(sources.split(), "") | manifests
    return {crate.root: crate for crate in build_of(tree_of_texts(texts), "till").crates}


def targets(sources: str, manifest: str) -> list[tuple[str, str, str]]:
    found = crates(sources, **{"Cargo.toml": manifest})
    return [(crate.kind, crate.name, crate.root) for crate in found.values()]


def named(crate: Crate) -> dict[str, str]:
    return {each.name: each.folder for each in crate.dependencies}


def test_the_project_is_called_as_the_package_at_its_root() -> None:
    assert build_of(tree_of_texts({"Cargo.toml": NAMED}), "till").name == "regex-core"


def test_targets_in_their_usual_places() -> None:
    sources = "build.rs src/lib.rs src/main.rs src/bin/a.rs src/bin/b/main.rs src/bin/b/rest.rs src/other.rs"
    more = " tests/t.rs tests/common/mod.rs examples/e.rs benches/c.rs"
    assert targets(sources + more, NAMED) == [
        ("bench", "c", "benches/c.rs"),
        ("build", "build_script_build", "build.rs"),
        ("example", "e", "examples/e.rs"),
        ("bin", "a", "src/bin/a.rs"),
        ("bin", "b", "src/bin/b/main.rs"),
        ("lib", "regex_core", "src/lib.rs"),
        ("bin", "regex_core", "src/main.rs"),
        ("test", "t", "tests/t.rs"),
    ]


def test_declared_targets() -> None:
    manifest = f"""{NAMED}autotests = false
        [lib]
        name = "core-of-it"
        path = "lib.rs"
        [[bin]]
        name = "tool"
        [[test]]
        name = "integration"
        path = "tests/lib.rs"
    """
    assert targets("lib.rs src/bin/tool.rs tests/lib.rs tests/other.rs", manifest) == [
        ("lib", "core_of_it", "lib.rs"),
        ("bin", "tool", "src/bin/tool.rs"),
        ("test", "integration", "tests/lib.rs"),
    ]


@pytest.mark.parametrize(
    ("dependency", "found"),
    [
        ('[dependencies]\nleft-pad = {path = "../left"}', {"left_pad": "left"}),
        ('[dependencies.pad]\npackage = "left-pad"\npath = "../left"', {"pad": "left"}),
        ('[dev-dependencies]\nleft-pad = {path = "../left"}', {"left_pad": "left"}),
        ('[build-dependencies]\nleft-pad = {path = "../left"}', {"left_pad": "left"}),
        ("[target.'cfg(unix)'.dependencies]\nleft-pad = {path = \"../left\"}", {"left_pad": "left"}),
        ("[dependencies]\nleft-pad.workspace = true", {"left_pad": "left"}),
        ("[dependencies]\npad = {workspace = true}", {"pad": "left"}),
        ('[dependencies]\npatched = "1"', {"patched": "left"}),
        ('[dependencies]\nleft-pad = "1"', {"left_pad": ""}),
        ('[dependencies]\nleft-pad = {path = "../absent"}', {"left_pad": ""}),
        ('[dependencies]\nleft-pad = {path = "../../.."}', {"left_pad": ""}),
    ],
)
def test_dependencies(dependency: str, found: dict[str, str]) -> None:
    workspace = """
        [workspace]
        members = ["*"]
        [workspace.dependencies]
        left-pad = {path = "left"}
        pad = {path = "left", package = "left-pad"}
        [patch.crates-io]
        patched = {path = "left"}
    """
    left = '[package]\nname = "left-pad"\n'
    manifests = {"Cargo.toml": workspace, "left/Cargo.toml": left, "right/Cargo.toml": f"{NAMED}{dependency}"}
    assert named(crates("right/src/lib.rs", **manifests)["right/src/lib.rs"]) == found


def test_other_targets_may_name_the_library_of_their_package() -> None:
    found = crates("src/lib.rs src/main.rs", **{"Cargo.toml": NAMED})
    assert named(found["src/main.rs"]) == {"regex_core": "."}
    assert named(found["src/lib.rs"]) == {}
    assert named(crates("src/main.rs", **{"Cargo.toml": NAMED})["src/main.rs"]) == {}


def test_the_edition_may_be_that_of_the_workspace() -> None:
    workspace = '[workspace]\nmembers = ["a"]\n[workspace.package]\nedition = "2024"\n'
    member = '[package]\nname = "a"\nedition.workspace = true\n'
    found = crates("a/src/lib.rs", **{"Cargo.toml": workspace, "a/Cargo.toml": member})
    assert found["a/src/lib.rs"].edition == "2024"


@pytest.mark.parametrize(
    "text",
    [
        "[package",
        "package = 3",
        "[package]\nname = 3\n",
        f"{NAMED}lib = 3\nbin = 3\n",
        f"{NAMED}build = [3]\n[dependencies]\na = 3\n[target]\nx = 3\n[patch]\ny = 3\n",
        f"{NAMED}[dependencies]\na.workspace = true\n[workspace]\ndependencies = 3\n",
        f"{NAMED}workspace = '../../..'\nx = " + "[" * 100_000,
    ],
)
def test_a_broken_file_says_nothing(text: str) -> None:
    for crate in crates(**{"Cargo.toml": text}).values():
        assert (crate.name, named(crate)) in (("regex_core", {}), ("regex_core", {"a": ""}))
