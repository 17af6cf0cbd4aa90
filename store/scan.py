"""Looking at a tree: which files it holds, and which of them have changed since the last time."""

from __future__ import annotations

from collections.abc import Container, Mapping
from pathlib import Path

import msgspec

from isg.graph.errors import IsgError, NotFound, UsageError, WorkFailed
from isg.parsers.buildfacts import BuildFacts
from isg.parsers.discovery import DEFAULT_OPTIONS, Discovery, DiscoveryOptions, discover
from isg.parsers.languages import read_languages
from isg.store.freshness import Difference, compare, read_hash
from isg.store.head import FileStamp, Head, read_head, write_head
from isg.store.location import StoreLocation
from isg.store.lock import writing


class Scan(msgspec.Struct, frozen=True):
    """A tree as it was found. ``difference`` is None where there is nothing to compare it with."""

    root: Path
    options: DiscoveryOptions
    discovery: Discovery
    head: Head | None
    difference: Difference | None

    @property
    def fresh(self) -> bool:
        return self.difference is not None and self.difference.fresh

    def build(self, without: Container[str] = ()) -> BuildFacts:
        """What the build files say; ``without`` are files that turned out not to be sources."""
        from isg.parsers.buildfiles import read_build  # not for an index that nothing has to be done about

        found = self.discovery
        sources = [file.path for file in found.files if file.path not in without]
        return read_build(self.root, [file.path for file in found.build_files], sources)

    def hash_of(self, path: str) -> bytes:
        """The content hash of a file, which is read only where nobody has yet; empty where that fails."""
        if self.head is not None and self.difference is not None:
            if path in self.difference.hashes:
                return self.difference.hashes[path]
            stamp = self.head.files.get(path) or self.head.build.get(path)
            if stamp is not None:
                return stamp.hash
        return read_hash(self.root, path)

    def stands(self, path: str, digest: bytes) -> bool:
        """Whether a file had this content when it was indexed the last time."""
        stamp = self.head.files.get(path) if self.head is not None else None
        return stamp is not None and not stamp.skip and stamp.hash == digest != b""

    def skip_of(self, path: str) -> str:
        """Why the content of a file was not indexed the last time, where it has not changed since."""
        if self.head is None or self.difference is None:
            return ""
        stamp = self.head.files.get(path)
        return stamp.skip if stamp is not None and self.hash_of(path) == stamp.hash else ""

    def stamps(self, hashes: Mapping[str, bytes], skips: Mapping[str, str]) -> dict[str, FileStamp]:
        """What to remember of each source file."""
        return {
            file.path: FileStamp.of(file, hashes[file.path], skips.get(file.path, ""))
            for file in self.discovery.files
        }

    def build_stamps(self) -> dict[str, FileStamp]:
        return {file.path: FileStamp.of(file, self.hash_of(file.path)) for file in self.discovery.build_files}


class Sight(msgspec.Struct, frozen=True):
    """What was seen of a tree; ``difference`` as in a scan."""

    discovery: Discovery
    difference: Difference | None


def scan(root: Path, head: Head | None, options: DiscoveryOptions | None) -> Scan:
    """Look at a tree; raises an error that says what to do where there is nothing to index."""
    wanted = wanted_options(head, options)
    return scanned(root, head, wanted, look_at(root, head, wanted))


def wanted_options(head: Head | None, options: DiscoveryOptions | None) -> DiscoveryOptions:
    """Those that are asked for, else those of before."""
    return options or (head.options if head is not None else DEFAULT_OPTIONS)


def scanned(root: Path, head: Head | None, options: DiscoveryOptions, seen: Sight) -> Scan:
    """The scan that found this."""
    return Scan(root, options, seen.discovery, head, seen.difference)


def look_at(root: Path, head: Head | None, options: DiscoveryOptions) -> Sight:
    """What there is to see of a tree; raises as a scan does."""
    require_folder(root)
    try:
        discovery = discover(root, options)
    except OSError as error:
        raise WorkFailed(f"cannot read {root}: {error.strerror or error}", code="unreadable") from error
    if not discovery.files:
        raise WorkFailed(
            f"no source files in {root}{_why_none(discovery)}",
            hint=f"isg reads {read_languages()}; --db and -C choose other folders",
            code="no-sources",
        )
    comparable = head is not None and head.options == options
    return Sight(discovery, compare(root, head, discovery) if head is not None and comparable else None)


def restamp(found: Scan, location: StoreLocation, now: int) -> None:
    """Note the present times of the files of a tree whose content is that of the index."""
    head = found.head
    assert head is not None
    hashes = {file.path: found.hash_of(file.path) for file in found.discovery.files}
    skips = {path: stamp.skip for path, stamp in head.files.items()}
    files, build = found.stamps(hashes, skips), found.build_stamps()
    write_head(location.head, msgspec.structs.replace(head, stamp=now, files=files, build=build))


def note_times(root: Path, location: StoreLocation) -> None:
    """Spare the next query from reading files that were only touched; does nothing where that cannot be."""
    try:
        with writing(location, 0) as now:
            head = read_head(location.head)
            found = scan(root, head, None)
            if found.fresh:
                restamp(found, location, now)
    except (IsgError, OSError):
        return


def require_folder(root: Path) -> None:
    if not root.exists():
        raise NotFound(f"no such folder: {root}", code="no-such-folder")
    if not root.is_dir():
        raise UsageError(f"not a folder: {root}", hint="give the project's root")


def _why_none(discovery: Discovery) -> str:
    if not discovery.skipped:
        return ""
    first = ", ".join(f"{skip.path} ({skip.reason})" for skip in discovery.skipped[:3])
    more = len(discovery.skipped) - 3
    return f": skipped {first}" + (f" and {more:,} more" if more > 0 else "")
