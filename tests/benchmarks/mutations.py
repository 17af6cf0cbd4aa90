"""Whether any bytes in a file are worse than a diagnostic: mutated real sources through parsing and linking.

Each of many mutants is parsed and linked alone, and every few of them as an edit of a file that stands with
others of its folder: the update must then be what linking all of them gives. A mutant fails by an exception,
by a crash, by more processor time than the limit or more memory than the limit. Its bytes and what happened
are kept in a folder; its number and the seed make it again. Needs Linux or another POSIX system.

Most mutants are drawn evenly from the files of ordinary size, so that many can be tried; every sixteenth from
those of any size.
"""

from __future__ import annotations

import argparse
import contextlib
import resource
import signal
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import Pipe, Process, cpu_count
from multiprocessing.connection import Connection, wait
from pathlib import Path, PurePosixPath
from random import Random
from types import FrameType

from mutants import LARGEST, mutant

from isg.graph.graph import Graph
from isg.graph.linking.project import ProjectFiles
from isg.graph.linking.structural import whole_project_edges
from isg.graph.linking.update import link_all, relink
from isg.graph.model import LinkedFile
from isg.parsers.buildfiles import read_build
from isg.parsers.content import unfit
from isg.parsers.facts import FileFacts, decode, encode
from isg.parsers.languages import FAMILIES
from isg.parsers.parse import parse
from isg.store.scan import scan

_TOGETHER_EVERY = 8
_ANY_SIZE_EVERY = 16
_ORDINARY = 8_000  # bytes: three quarters of the files of most projects have less
_NEIGHBOURS = 3
_NATIVE_GRACE = 3  # times the limit after which a process is ended that native code holds
_ENTRIES = frozenset({"__init__.py", "index.ts", "index.tsx", "index.js", "mod.rs", "lib.rs", "main.rs"})


class TooSlow(BaseException):
    """A mutant used up its processor time: nothing that is checked may catch this."""


@dataclass(frozen=True)
class Corpus:
    """The real sources of the family of a language, and the build files around them."""

    tree: Path
    build_files: tuple[str, ...]
    languages: dict[str, str]
    sources: dict[str, bytes]
    of_language: tuple[str, ...]
    ordinary: tuple[str, ...]
    """Those of the language that are not large; all where they are."""

    def project(self, facts: dict[str, FileFacts]) -> ProjectFiles:
        """A project of a few of the files."""
        build = read_build(self.tree, self.build_files, facts)
        return ProjectFiles(build, {path: self.languages[path] for path in facts}, facts.__getitem__)

    def neighbours(self, random: Random, path: str) -> list[str]:
        """Some files of its folder or the one above, those first that stand for a folder."""
        folder = PurePosixPath(path).parent
        near = [
            each
            for each in self.sources
            if each != path and PurePosixPath(each).parent in (folder, folder.parent)
        ]
        random.shuffle(near)
        near.sort(key=lambda each: PurePosixPath(each).name not in _ENTRIES)
        return near[:_NEIGHBOURS]


@dataclass(frozen=True)
class Limits:
    seconds: float  # of processor time a mutant
    memory: int  # bytes of address space a process


@dataclass(frozen=True)
class Failure:
    number: int
    path: str
    source: bytes
    what: str


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant."""

    number: int
    seconds: float
    """Of processor time; 0 where the process ended with it."""
    failure: Failure | None = None


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("language", choices=sorted(FAMILIES))
    arguments.add_argument("tree", type=Path, help="a folder of real sources")
    arguments.add_argument("--count", type=int, default=20_000, help="mutants (default: 20000)")
    arguments.add_argument("--first", type=int, default=0, help="the number of the first (default: 0)")
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument(
        "--jobs", type=int, default=cpu_count(), help="processes (default: all processors)"
    )
    arguments.add_argument("--largest", type=int, default=LARGEST, help="bytes of a source")
    arguments.add_argument("--seconds", type=float, default=2.0, help="processor time a file (default: 2)")
    arguments.add_argument("--memory", type=int, default=2_000, help="MB a process (default: 2000)")
    arguments.add_argument("--keep", type=Path, default=Path("mutations"), help="a folder for what fails")
    given = arguments.parse_args()
    corpus = read_corpus(given.tree, given.language, given.largest)
    limits = Limits(given.seconds, given.memory * 2**20)
    numbers = range(given.first, given.first + given.count)
    shares = [numbers[at :: given.jobs] for at in range(given.jobs)]
    started, failed, slowest = time.perf_counter(), 0, Outcome(given.first, 0.0)
    for outcome in _outcomes([Worker(corpus, given.seed, share, limits) for share in shares]):
        slowest = max(slowest, outcome, key=lambda each: each.seconds)
        if outcome.failure is not None:
            failed += 1
            _keep(given.keep, outcome.failure)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"{given.language}: {given.count:,} mutants of {len(corpus.of_language):,} files in"
        f" {time.perf_counter() - started:.0f} s: {failed} failed;"
        f" the slowest, {slowest.number}: {slowest.seconds:.2f} s; the largest process: {peak:.0f} MB"
    )
    if failed:
        sys.exit(1)


def read_corpus(tree: Path, language: str, largest: int) -> Corpus:
    """The sources of a language in a tree, but those over a size."""
    found = scan(tree, None, None)
    languages = {
        file.path: file.language
        for file in found.discovery.files
        if FAMILIES[file.language] == FAMILIES[language] and file.size <= largest
    }
    sources = {path: (tree / path).read_bytes() for path in languages}
    mutated = tuple(path for path, its in languages.items() if its == language and sources[path])
    if not mutated:
        sys.exit(f"no {language} of at most {largest:,} bytes in {tree}")
    ordinary = tuple(path for path in mutated if len(sources[path]) <= _ORDINARY) or mutated
    build_files = tuple(file.path for file in found.discovery.build_files)
    return Corpus(tree, build_files, languages, sources, mutated, ordinary)


# one mutant


def mutant_of(corpus: Corpus, seed: int, number: int) -> tuple[str, bytes]:
    """The path and the bytes of a mutant: the same for the same corpus, seed and number."""
    random = Random(f"{seed} {number}")
    drawn = corpus.ordinary if number % _ANY_SIZE_EVERY else corpus.of_language
    path = random.choice(drawn)
    others = [corpus.sources[random.choice(drawn)] for _ in range(3)]
    return path, mutant(random, corpus.sources[path], others)


def check(corpus: Corpus, seed: int, number: int, path: str, source: bytes) -> None:
    """Parse and link a mutant, every few of them together with others; raises where anything goes wrong."""
    if unfit(source) is not None:  # skipped, and said so
        return
    language = corpus.languages[path]
    facts = parse(language, source)
    assert decode(encode(facts)) == facts, "facts do not survive being stored"
    _link(corpus.project({path: facts}))
    if number % _TOGETHER_EVERY == 0:
        near = corpus.neighbours(Random(f"{seed} {number} near"), path)
        standing = {each: parse(corpus.languages[each], corpus.sources[each]) for each in near}
        before = {**standing, path: parse(language, corpus.sources[path])}
        _update(corpus.project(before), corpus.project({**standing, path: facts}), path)


def _link(project: ProjectFiles) -> tuple[dict[str, LinkedFile], dict[str, bytes]]:
    """All that an index is made of, up to the bytes of the image."""
    linked, kept = link_all(project)
    files = {file.path: file for file in linked}
    symbols = [symbol for file in files.values() for symbol in (*file.symbols, *file.externals)]
    edges = [edge for file in files.values() for edge in file.edges]
    edges += whole_project_edges(symbols, edges)
    Graph(Graph.pack(project.package, "", {each.id: each for each in symbols}.values(), edges))
    return files, kept()


def _update(before: ProjectFiles, after: ProjectFiles, path: str) -> None:
    files, kept = _link(before)
    again, _ = _link(after)
    update = relink(after, kept, {path}, set())
    updated = {**files, **{file.path: file for file in update.linked}}
    wrong = [each for each in again if updated[each] != again[each]]
    assert not wrong, f"linked otherwise by an update: {wrong}"
    update.kept()


# processes


class Worker:
    """A process that checks its share of the mutants, and another one where one of them ended it."""

    def __init__(self, corpus: Corpus, seed: int, numbers: range, limits: Limits) -> None:
        self._corpus = corpus
        self._seed = seed
        self._left = deque(numbers)
        self._limits = limits
        self._start()

    def _start(self) -> None:
        self.results, theirs = Pipe(duplex=False)
        arguments = (self._corpus, self._seed, tuple(self._left), self._limits, theirs)
        self._process = Process(target=_work, args=arguments, daemon=True)
        self._process.start()
        theirs.close()

    @property
    def finished(self) -> bool:
        return not self._left

    def receive(self) -> Outcome:
        """What became of one more mutant."""
        try:
            outcome: Outcome = self.results.recv()
            self._left.popleft()
        except EOFError:
            outcome = self._ended(self._left.popleft())
        if self.finished:
            self._process.join()
        return outcome

    def _ended(self, number: int) -> Outcome:
        """What the mutant did at which the process ended; the next one goes on after it."""
        self._process.join()
        path, source = mutant_of(self._corpus, self._seed, number)
        failure = Failure(number, path, source, f"the process ended with {self._process.exitcode}")
        if self._left:
            self._start()
        return Outcome(number, 0.0, failure)


def _outcomes(workers: list[Worker]) -> Iterator[Outcome]:
    waiting = [worker for worker in workers if not worker.finished]
    while waiting:
        ready = wait([worker.results for worker in waiting])
        for worker in waiting:
            if worker.results in ready:
                yield worker.receive()
        waiting = [worker for worker in waiting if not worker.finished]


def _work(corpus: Corpus, seed: int, numbers: tuple[int, ...], limits: Limits, results: Connection) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    signal.signal(signal.SIGVTALRM, _too_slow)
    for number in numbers:
        path, source = mutant_of(corpus, seed, number)
        started = time.process_time()
        what = _wrong(lambda: check(corpus, seed, number, path, source), limits.seconds)
        failure = Failure(number, path, source, what) if what else None
        results.send(Outcome(number, time.process_time() - started, failure))


def _wrong(checked: Callable[[], None], seconds: float) -> str:
    """What went wrong, in words; empty where nothing did."""
    try:
        with _processor_time(seconds):
            checked()
    except (Exception, TooSlow):
        return traceback.format_exc(limit=-30)
    return ""


@contextlib.contextmanager
def _processor_time(seconds: float) -> Iterator[None]:
    """Raises TooSlow after so much of it; what no Python can interrupt ends with the process, later."""
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    signal.setitimer(signal.ITIMER_PROF, _NATIVE_GRACE * seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.setitimer(signal.ITIMER_PROF, 0)


def _too_slow(number: int, frame: FrameType | None) -> None:
    raise TooSlow


def _keep(folder: Path, failure: Failure) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{failure.number}-{PurePosixPath(failure.path).name}"
    (folder / name).write_bytes(failure.source)
    (folder / f"{name}.txt").write_text(f"{failure.path}\n{failure.what}\n")
    last = failure.what.strip().splitlines()[-1]
    print(f"{folder / name}: {last}", flush=True)


if __name__ == "__main__":
    main()
