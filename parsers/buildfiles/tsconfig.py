"""What tsconfig.json and jsconfig.json say about where modules are found.

A configuration is read with all that it ``extends`` (TypeScript handbook, "TSConfig Reference"): a path is
relative to the file that it is written in, and later files take the place of earlier ones, option by option.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from isg.parsers.buildfacts import NpmPackage, TsConfig
from isg.parsers.buildfiles.jsonc import read_object
from isg.parsers.buildfiles.npm import package_folder
from isg.parsers.buildfiles.tree import BuildTree, folder_of, joined
from isg.parsers.buildfiles.values import strings, table, tables, text
from isg.parsers.discovery import TSCONFIG

_HERE = "${configDir}"
_PATHS = ("baseUrl", "rootDir", "outDir", "declarationDir")


def read_configs(tree: BuildTree, packages: Iterable[NpmPackage]) -> tuple[TsConfig, ...]:
    """The configurations of a tree by path."""
    files = [path for path in tree.build_files if TSCONFIG.search(path)]
    reader = _Reader({path: read_object(tree.text(path)) for path in files}, tuple(packages))
    found = {path: reader.config(path) for path in files if reader.declared[path]}
    return tuple(_completed(config, found) for config in found.values())


def _completed(config: TsConfig, found: dict[str, TsConfig]) -> TsConfig:
    """A configuration without options of its own says what the projects do that it is made of."""
    if config.base_url or config.paths:
        return config
    parts = [found[path] for path in config.references if path in found]
    mappings = {pattern: targets for part in reversed(parts) for pattern, targets in part.paths}
    return msgspec.structs.replace(
        config,
        base_url=next((part.base_url for part in parts if part.base_url), ""),
        paths=tuple(sorted(mappings.items())),
    )


class _Options:
    """What a chain of configurations declares, option by option, each with the folder it is declared in."""

    def __init__(self) -> None:
        self.values: dict[str, tuple[str, Any]] = {}
        self.files: dict[str, tuple[str, Any]] = {}

    def add(self, folder: str, data: dict[str, Any]) -> None:
        for key, value in table(data, "compilerOptions").items():
            self.values[key] = (folder, value)
        for key in ("include", "files"):
            if key in data:
                self.files[key] = (folder, data[key])


class _Reader:
    def __init__(self, declared: dict[str, dict[str, Any]], packages: tuple[NpmPackage, ...]) -> None:
        self.declared = declared
        self._packages = packages

    def config(self, path: str) -> TsConfig:
        options, folder, data = _Options(), folder_of(path), self.declared[path]
        for each in self._chain(path, []):
            options.add(folder_of(each), self.declared[each])
        base, root, out, declarations = (_path(folder, options.values.get(key)) for key in _PATHS)
        return TsConfig(
            path,
            folder,
            base,
            tuple(_mapping(folder, base, options.values.get("paths"))),
            _paths(folder, options.values.get("rootDirs")),
            tuple(
                filter(
                    None, (self._file(folder, text(each, "path")) for each in tables(data.get("references")))
                )
            ),
            _paths(folder, options.files.get("include")) + _paths(folder, options.files.get("files")),
            root,
            out,
            declarations,
        )

    def _chain(self, path: str, around: list[str]) -> Iterator[str]:
        """The configurations that one rests on, the weakest first, and it itself last; each once."""
        if path in around:
            return
        around.append(path)
        for specifier in strings(self.declared[path].get("extends")):
            extended = self._extended(folder_of(path), specifier)
            if extended is not None:
                yield from self._chain(extended, around)
        yield path

    def _extended(self, folder: str, specifier: str) -> str | None:
        if specifier.startswith("."):
            return self._file(folder, specifier)
        found = package_folder(self._packages, specifier)
        return self._file(found[0], found[1] or "tsconfig.json") if found else None

    def _file(self, folder: str, declared: str) -> str | None:
        """The configuration that a path means: a file, one without its ending, or the one of a folder."""
        path = joined(folder, declared) if declared else None
        candidates = (path, f"{path}.json", "tsconfig.json" if path == "." else f"{path}/tsconfig.json")
        return next((each for each in candidates if each in self.declared), None)


def _mapping(
    folder: str, base: str, declared: tuple[str, Any] | None
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """``paths``: relative to the base URL where there is one, else to the file that has them."""
    written_in, mapping = declared or ("", {})
    if isinstance(mapping, dict):
        for pattern, targets in mapping.items():
            found = [_path(folder, (base or written_in, target)) for target in strings(targets)]
            yield pattern, tuple(filter(None, found))


def _paths(folder: str, declared: tuple[str, Any] | None) -> tuple[str, ...]:
    if declared is None:
        return ()
    written_in, values = declared
    return tuple(filter(None, (_path(folder, (written_in, value)) for value in strings(values))))


def _path(folder: str, declared: tuple[str, Any] | None) -> str:
    """A declared path from the root; empty where there is none or it leaves the tree."""
    written_in, value = declared or ("", None)
    if not isinstance(value, str):
        return ""
    if value.startswith(_HERE):
        return joined(folder, value.removeprefix(_HERE)) or ""
    return "" if value.startswith("/") else joined(written_in, value) or ""
