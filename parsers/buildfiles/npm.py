"""What package.json says: how a package is called, and which of its files others may name.

The fields are those of Node.js ("Modules: Packages") and of the bundlers that came before ``exports``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from isg.parsers.buildfacts import NpmPackage, Targets
from isg.parsers.buildfiles.jsonc import read_object
from isg.parsers.buildfiles.tree import BuildTree, ancestors, folder_of
from isg.parsers.buildfiles.values import strings, table, text
from isg.parsers.ignore import IgnoreRules

# The entry of a package without `exports`, the one that is nearest to the sources first.
_MAINS = ("source", "types", "typings", "module", "jsnext:main", "browser", "main")
_DEPENDENCIES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
_DEPTH = 16  # of conditions within conditions

_TYPESCRIPT = re.compile(r"(?<!\.d)\.[mc]?tsx?$")
_BLOCK_ITEM = re.compile(r"\s*-\s+(?:\"([^\"]*)\"|'([^']*)'|([^\s#]+))")
_FLOW_ITEM = re.compile(r"\"([^\"]*)\"|'([^']*)'|([^\s,\[\]#'\"]+)")


def read_packages(tree: BuildTree) -> tuple[NpmPackage, ...]:
    """The packages of a tree by folder."""
    found = {folder_of(path): read_object(tree.text(path)) for path in tree.named("package.json")}
    workspaces = _workspaces(tree, found)
    return tuple(_package(folder, data, workspaces) for folder, data in sorted(found.items()) if data)


def _package(folder: str, data: dict[str, Any], workspaces: dict[str, IgnoreRules]) -> NpmPackage:
    exports = data.get("exports")
    by_subpath = isinstance(exports, dict) and any(key.startswith(".") for key in exports)
    return NpmPackage(
        folder,
        text(data, "name"),
        _flattened(exports if by_subpath else {".": exports} if exports else {}),
        tuple(dict.fromkeys(_relative(main) for key in _MAINS if (main := text(data, key)))),
        _flattened(table(data, "imports")),
        _is_member(folder, workspaces),
        tuple(sorted({name for key in _DEPENDENCIES for name in table(data, key)})),
    )


def _flattened(targets: object) -> Targets:
    if not isinstance(targets, dict):
        return ()
    subpaths = (key for key in targets if isinstance(key, str))
    return tuple((key, target) for key in subpaths for target in _by_preference(targets[key]))


def _by_preference(value: object) -> list[str]:
    """The targets of a subpath: TypeScript before what is made of it, else as written."""
    return sorted(dict.fromkeys(_targets(value)), key=lambda target: not _TYPESCRIPT.search(target))


def _targets(value: object, depth: int = _DEPTH) -> Iterator[str]:
    """The files that a target may mean: itself, one of a list, or what stands behind conditions."""
    if value is None or value is False:
        yield ""
    elif isinstance(value, str):
        yield value
    elif depth and isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _targets(each, depth - 1)


def _relative(path: str) -> str:
    return path if path.startswith(("./", "../", "/")) else f"./{path}"


def _workspaces(tree: BuildTree, packages: dict[str, dict[str, Any]]) -> dict[str, IgnoreRules]:
    """The folders that have workspaces, each with the rules that say which folders below are some."""
    declared = {folder: _declared_workspaces(data) for folder, data in packages.items()}
    for path in tree.named("pnpm-workspace.yaml"):
        declared[folder_of(path)] = list(_pnpm_packages(tree.text(path)))
    return {
        folder: IgnoreRules(map(_anchored, globs), "" if folder == "." else folder + "/")
        for folder, globs in declared.items()
        if globs
    }


def _declared_workspaces(data: dict[str, Any]) -> list[str]:
    value = data.get("workspaces")
    return strings(value.get("packages") if isinstance(value, dict) else value)


def _anchored(glob: str) -> str:
    """A glob of workspaces as a rule of an ignore file that stands in the same folder."""
    negated = glob.startswith("!")
    return "!" * negated + "/" + glob[negated:].removeprefix("./").strip("/")


def _is_member(folder: str, workspaces: dict[str, IgnoreRules]) -> bool:
    name = folder.rpartition("/")[2]
    return folder in workspaces or any(
        workspaces[above].verdict(folder, name, True) for above in ancestors(folder) if above in workspaces
    )


def _pnpm_packages(source: str) -> Iterator[str]:
    """The list under ``packages:``; as much of YAML as this file is written in."""
    inside = False
    for line in source.splitlines():
        key, colon, rest = line.partition(":")
        if colon and key == "packages":
            inside = True
            yield from _items(_FLOW_ITEM.finditer(rest.partition(" #")[0]))
        elif line[:1] not in ("", " ", "\t", "-", "#"):
            inside = False
        elif inside and (item := _BLOCK_ITEM.match(line)):
            yield from _items([item])


def _items(found: Iterable[re.Match[str]]) -> Iterator[str]:
    return (item[1] or item[2] or item[3] for item in found if item[1] or item[2] or item[3])


def package_folder(packages: Iterable[NpmPackage], specifier: str) -> tuple[str, str] | None:
    """The folder of the package that a specifier names (``@x/base/node.json``), and what is left of it."""
    parts = specifier.split("/")
    length = 2 if specifier.startswith("@") else 1
    name, rest = "/".join(parts[:length]), "/".join(parts[length:])
    folders = [package.folder for package in packages if package.name == name]
    return (folders[0], rest) if folders else None
