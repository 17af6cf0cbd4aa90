"""How TypeScript files are named by others, and what a module specifier finds.

Rules: the TypeScript handbook, "Modules - Theory" and "Modules - Reference" (extension substitution, `paths`,
`baseUrl`, `rootDirs`), and Node.js, "Modules: Packages" (`exports`, `imports`, self-reference). Compiled
output is never looked for: what a package.json names in `dist` is found among the sources that it is of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import basename, dirname, join, normpath

from isg.parsers.buildfacts import BuildFacts, NpmPackage, TsConfig

EXTENSIONS = (".ts", ".tsx", ".d.ts", ".mts", ".cts", ".d.mts", ".d.cts", ".js", ".jsx", ".mjs", ".cjs")
_DECLARATIONS = (".d.ts", ".d.mts", ".d.cts")
_SUBSTITUTES = {
    ".js": (".ts", ".tsx", ".d.ts"),
    ".jsx": (".tsx", ".ts", ".d.ts"),
    ".mjs": (".mts", ".d.mts"),
    ".cjs": (".cts", ".d.cts"),
    ".d.ts": (".ts", ".tsx"),
    ".d.mts": (".mts",),
    ".d.cts": (".cts",),
}
_OUTPUT = frozenset(
    ["dist", "build", "lib", "out", "es", "esm", "cjs", "umd", "types", "typings", "module", "commonjs"]
)
_SOURCES = ("src", "", "lib", "source")
_ENTRIES = ("index", "main")


def stem_of(path: str) -> str:
    """A path without the ending that names the language."""
    return path[: -len(extension_of(path))] if extension_of(path) else path


def extension_of(path: str) -> str:
    """The ending of a path that names the language, `.d.ts` as a whole."""
    name = basename(path)
    found = [each for each in EXTENSIONS if name.endswith(each) and len(name) > len(each)]
    return max(found, key=len, default="")


class ModuleIndex:
    """Names every file of the family and resolves specifiers to files."""

    def __init__(self, paths: Iterable[str], build: BuildFacts) -> None:
        self.paths = frozenset(paths)
        self._build = build
        self._packages = {_folder(package.folder): package for package in build.npm}
        self._by_name: dict[str, list[NpmPackage]] = {}
        for package in build.npm:
            if package.name:
                self._by_name.setdefault(package.name, []).append(package)
        self._configs: dict[str, list[TsConfig]] = {}
        for config in sorted(build.tsconfigs, key=_nearest_name):
            self._configs.setdefault(_folder(config.folder), []).append(config)
        self._found: dict[tuple[str, str], str | None] = {}
        self.declarations = tuple(sorted(p for p in self.paths if p.endswith(_DECLARATIONS)))
        self.names = self._name_all()

    # names

    def _name_all(self) -> dict[str, str]:
        """Names by path; of files with one stem, those later in the order keep their extension."""
        taken: set[str] = set()
        names: dict[str, str] = {}
        for path in sorted(self.paths, key=lambda p: (stem_of(p), _rank(p), p)):
            name = self._name(stem_of(path))
            if name in taken:
                name = self._name(path)
            taken.add(name)
            names[path] = name
        return names

    def _name(self, path: str) -> str:
        for folder in _ancestors(dirname(path)):
            package = self._packages.get(folder)
            if package is not None and package.name:
                return f"{package.name}/{path[len(folder) :].lstrip('/')}"
        return f"{self._build.name}/{path}"

    # specifiers

    def find(self, importer: str, specifier: str) -> str | None:
        """The file that a specifier in a file means; None where it is not one of the project."""
        key = (dirname(importer), specifier)
        if key not in self._found:
            self._found[key] = self._find(dirname(importer), specifier.partition("?")[0])
        return self._found[key]

    def _find(self, folder: str, specifier: str) -> str | None:
        if specifier in (".", "..") or specifier.startswith(("./", "../")):
            return self._relative(folder, specifier)
        if not specifier or specifier.startswith("/"):
            return None
        if specifier.startswith("#"):
            return self._own_import(folder, specifier)
        return self._mapped(folder, specifier) or self._packaged(folder, specifier)

    def _relative(self, folder: str, specifier: str) -> str | None:
        path = _normal(join(folder, specifier))
        if path is None:
            return None
        return self._at(path) or self._in_root_dirs(folder, path)

    def _in_root_dirs(self, folder: str, path: str) -> str | None:
        """`rootDirs`: folders that are one at run time."""
        for config in self._configs_of(folder):
            roots = [_folder(root) for root in config.root_dirs]
            for root in roots:
                if path.startswith(f"{root}/"):
                    others = (
                        self._at(join(other, path[len(root) + 1 :])) for other in roots if other != root
                    )
                    found = next(filter(None, others), None)
                    if found is not None:
                        return found
        return None

    def _configs_of(self, folder: str) -> Iterator[TsConfig]:
        for each in _ancestors(folder):
            yield from self._configs.get(each, ())

    def _mapped(self, folder: str, specifier: str) -> str | None:
        """What `paths` and `baseUrl` of the nearest configurations make of a specifier."""
        for config in self._configs_of(folder):
            for target in _targets(config.paths, specifier):
                found = self._at(target)
                if found is not None:
                    return found
            if config.base_url:
                found = self._at(_normal(join(_folder(config.base_url), specifier)))
                if found is not None:
                    return found
        return None

    def _package_of(self, folder: str) -> NpmPackage | None:
        return next((self._packages[f] for f in _ancestors(folder) if f in self._packages), None)

    def _own_import(self, folder: str, specifier: str) -> str | None:
        """`imports`: names that a package gives to its own files, or to others."""
        package = self._package_of(folder)
        if package is None:
            return None
        grouped = _grouped(package.imports)
        for target in _targets(grouped, specifier):
            inside = target.startswith("./")
            found = self._built(package, target) if inside else self._find(folder, target)
            if found is not None:
                return found
        return None

    def _packaged(self, folder: str, specifier: str) -> str | None:
        """A package of the tree by its name, and a file of it."""
        parts = specifier.split("/")
        size = 2 if specifier.startswith("@") else 1
        name, rest = "/".join(parts[:size]), "/".join(parts[size:])
        packages = self._by_name.get(name, ())
        own = self._package_of(folder)
        for package in sorted(packages, key=lambda p: (p is not own, not p.member, p.folder)):
            found = self._entry(package, rest)
            if found is not None:
                return found
        return None

    def _entry(self, package: NpmPackage, rest: str) -> str | None:
        subpath = f"./{rest}" if rest else "."
        for target in _targets(_grouped(package.entries), subpath):
            found = self._built(package, target) if target else None
            if found is not None:
                return found
        if not rest:
            for main in package.mains:
                found = self._built(package, main)
                if found is not None:
                    return found
        return self._by_convention(package, rest)

    def _by_convention(self, package: NpmPackage, rest: str) -> str | None:
        """The file of the sources that a subpath most likely means."""
        for source in _SOURCES:
            for entry in (rest,) if rest else _ENTRIES:
                found = self._at(_normal(join(_folder(package.folder), source, entry)))
                if found is not None:
                    return found
        return None

    def _built(self, package: NpmPackage, target: str) -> str | None:
        """A file that package.json names, or the source that it is built from."""
        folder = _folder(package.folder)
        path = _normal(join(folder, target))
        if path is None:
            return None
        return self._at(path) or self._by_root_dir(folder, path) or self._by_output(folder, path)

    def _by_root_dir(self, folder: str, path: str) -> str | None:
        for config in self._configs.get(folder, ()):
            for output in filter(None, (config.out_dir, config.declaration_dir)):
                if path.startswith(f"{_folder(output)}/"):
                    inner = path[len(_folder(output)) + 1 :]
                    for root in dict.fromkeys((config.root_dir, join(folder, "src"), folder)):
                        found = self._at(join(_folder(root), inner)) if root else None
                        if found is not None:
                            return found
        return None

    def _by_output(self, folder: str, path: str) -> str | None:
        """The source of a file in a folder that by its name holds output (`dist/esm/x.js` of `src/x.ts`)."""
        parts = path[len(folder) :].lstrip("/").split("/")
        while len(parts) > 1 and parts[0] in _OUTPUT:
            parts = parts[1:]
            for source in _SOURCES:
                found = self._at(join(folder, source, *parts) if source else join(folder, *parts))
                if found is not None:
                    return found
        return None

    # files

    def _at(self, path: str | None) -> str | None:
        """The file of a path as written: itself, its source, with an extension, or a folder's index."""
        if path is None:
            return None
        extension = extension_of(path)
        for substitute in _SUBSTITUTES.get(extension, ()):
            if (found := path[: -len(extension)] + substitute) in self.paths:
                return found
        if path in self.paths:
            return path
        return self._with_extension(path) or self._index(path)

    def _with_extension(self, path: str) -> str | None:
        return next((path + each for each in EXTENSIONS if path and path + each in self.paths), None)

    def _index(self, folder: str) -> str | None:
        package = self._packages.get(folder)
        for main in package.mains if package is not None else ():
            path = _normal(join(folder, main))
            found = path and path != folder and (path if path in self.paths else self._with_extension(path))
            if found:
                return found
        return self._with_extension(join(folder, "index"))


def _rank(path: str) -> int:
    extension = extension_of(path)
    return EXTENSIONS.index(extension) if extension else len(EXTENSIONS)


def _folder(path: str) -> str:
    return "" if path == "." else path.rstrip("/")


def _nearest_name(config: TsConfig) -> tuple[int, str]:
    """The configuration that editors take for a folder comes first."""
    names = ("tsconfig.json", "jsconfig.json")
    name = basename(config.path)
    return (names.index(name) if name in names else len(names), config.path)


def _ancestors(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = dirname(folder)
    yield ""


def _normal(path: str) -> str | None:
    """A path without `.` and `..`; None where it leaves the tree."""
    found = normpath(path)
    if found == ".." or found.startswith("../"):
        return None
    return "" if found == "." else found


def _grouped(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, list[str]] = {}
    for key, target in pairs:
        found.setdefault(key, []).append(target)
    return tuple((key, tuple(targets)) for key, targets in found.items())


def _targets(mapping: Iterable[tuple[str, tuple[str, ...]]], specifier: str) -> Iterator[str]:
    """The targets of the pattern that fits best: the exact one, else that with the longest prefix."""
    best: tuple[int, str, tuple[str, ...]] | None = None
    for pattern, targets in mapping:
        prefix, star, suffix = pattern.partition("*")
        if not star:
            if pattern == specifier:
                yield from targets
                return
            continue
        fits = specifier.startswith(prefix) and specifier.endswith(suffix)
        if fits and len(specifier) >= len(prefix) + len(suffix) and (best is None or len(prefix) > best[0]):
            best = (len(prefix), specifier[len(prefix) : len(specifier) - len(suffix)], targets)
    if best is not None:
        yield from (target.replace("*", best[1]) for target in best[2])
