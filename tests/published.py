"""Getting published packages from the registries that pip and npm are configured for.

A source distribution is downloaded as it is: pip would want to build what it describes, and here nothing of
it may run. Whatever keeps a package from being had is a reason to skip, never a failure.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest

_SECONDS = 60
_DEFAULT_INDEX = re.compile(r"--index-url <url>.*?\(default\s+(\S+?)\)", re.DOTALL)
_LINK = re.compile(r"href=\"([^\"]+)\"")


@dataclass(frozen=True)
class Published:
    """A package of which a part is indexed: the files whose paths in the archive match."""

    registry: str  # "pypi" or "npm"
    name: str
    version: str
    parts: str = ""

    def unpack(self, folder: Path) -> Path:
        """The root of its files below a folder; skips the test where the package cannot be had."""
        archive = (_from_npm if self.registry == "npm" else _from_pypi)(self, folder)
        with tarfile.open(archive) as packed:
            wanted = [each for each in packed if re.match(rf"[^/]+/(?:{self.parts})", each.name)]
            packed.extraction_filter = getattr(tarfile, "data_filter", None)  # from Python 3.11.4 on
            packed.extractall(folder, wanted)
        (root,) = (each for each in folder.iterdir() if each.is_dir())
        return root


def _from_npm(package: Published, folder: Path) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    command = [
        npm,
        "pack",
        "--silent",
        "--pack-destination",
        str(folder),
        f"{package.name}@{package.version}",
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=2 * _SECONDS)
    except subprocess.TimeoutExpired:
        pytest.skip("the npm registry does not answer")
    if done.returncode != 0:
        pytest.skip(f"npm cannot get {package.name}: {done.stderr.strip()[-200:]}")
    return next(folder.glob("*.tgz"))


def _from_pypi(package: Published, folder: Path) -> Path:
    file = f"{package.name.replace('-', '_')}-{package.version}.tar.gz"
    page = f"{_index()}/{package.name}/"
    links = [link for link in _LINK.findall(_read(page).decode()) if urlsplit(link).path.endswith(f"/{file}")]
    if not links:
        pytest.skip(f"the package index has no {file}")
    (folder / file).write_bytes(_read(urljoin(page, links[0])))
    return folder / file


def _index() -> str:
    """The package index that pip uses here, as its help says."""
    command = [sys.executable, "-m", "pip", "install", "--help"]
    wide = {**os.environ, "COLUMNS": "1000"}
    told = subprocess.run(command, env=wide, capture_output=True, text=True, check=False).stdout
    found = _DEFAULT_INDEX.search(told)
    if found is None:
        pytest.skip("pip does not say which package index it uses")
    return found[1].rstrip("/")


def _read(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as answer:
            return bytes(answer.read())
    except (OSError, urllib.error.URLError) as error:
        pytest.skip(f"the package index cannot be reached: {error}")
