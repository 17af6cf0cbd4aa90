"""Match statements."""

from __future__ import annotations

from tree_sitter import Node

from isg.parsers import operators as op
from isg.parsers.facts import TermId
from isg.parsers.flow import Environment
from isg.parsers.narrowing import Fact
from isg.parsers.python.grammar import BLOCKS, kind, named, parts
from isg.parsers.python.patterns import Patterns
from isg.parsers.python.readers import Reader, Runner
from isg.parsers.python.walk import CONDITIONAL, Walk

_CASE_CLAUSE = kind("case_clause")
_CASE = kind("case_pattern")
_IF = kind("if_clause")
_DOTTED = kind("dotted_name")


class Matching:
    """Reads match statements: each case begins where those before it did not match."""

    def __init__(self, walk: Walk, reader: Reader, runner: Runner) -> None:
        self.walk = walk
        self.reader = reader
        self.runner = runner
        self.patterns = Patterns(walk, reader)

    def read(self, node: Node) -> None:
        walk, frame = self.walk, self.walk.frame
        import_flags = walk.import_flags
        walk.import_flags |= CONDITIONAL
        subjects = node.children_by_field_name("subject")
        terms = [self.reader.read(subject) for subject in subjects]
        subject = terms[0] if len(terms) == 1 else walk.terms[(op.TUPLE, *terms)]
        key = ""
        if len(subjects) == 1 and self.reader.is_chain(subjects[0]):
            key = walk.slice(subjects[0])
        rest, merged, exhausted = frame.env, None, False
        clauses = [clause for child in node.children if child.kind_id in BLOCKS for clause in child.children]
        irrefutable = 0
        cases = 0
        for clause in clauses:
            if clause.kind_id != _CASE_CLAUSE:
                continue
            cases += 1
            frame.env = rest.fork()
            irrefutable |= self._is_bare(clause)
            rest, subject, exhausted = self._case(clause, key, subject, rest)
            merged = frame.env if merged is None else walk.merge(merged, frame.env)
            if exhausted:
                rest.alive = False
        walk.complexity += max(0, cases - irrefutable)
        frame.env = rest if merged is None else walk.merge(merged, rest)
        walk.import_flags = import_flags

    def _case(
        self, clause: Node, key: str, subject: TermId, rest: Environment
    ) -> tuple[Environment, TermId, bool]:
        """Reads one case; what holds, and what the subject is, where it does not match."""
        walk = self.walk
        matched, guarded, patterns = subject, False, []
        for child in clause.children:
            if child.kind_id == _CASE:
                patterns.append(child)
        if len(patterns) == 1:
            matched = self.patterns.match(patterns[0], subject)
        else:
            for at, pattern in enumerate(patterns):
                self.patterns.match(pattern, walk.terms[(op.ITEM, subject, at)])
        if key and matched != subject:
            row = walk.terms.rows[matched]
            self._narrow(key, matched, row)
        for child in clause.children:
            if child.kind_id == _IF:
                guarded = True
                outcome = self.reader.conditions.test(parts(child)[-1])
                walk.frame.env = self.reader.conditions.behind(walk.frame.env, outcome.true)
            elif child.kind_id in BLOCKS:
                self.runner.block(child)
        remaining = rest.fork()
        if not guarded and len(patterns) == 1 and matched != subject:
            subject = self._excluded(key, subject, matched, patterns[0], remaining)
        return remaining, subject, not guarded and len(patterns) == 1 and _catches_all(patterns[0])

    def _narrow(self, key: str, matched: TermId, row: tuple[int | str, ...]) -> None:
        walk = self.walk
        if row[0] == op.NARROW:
            fact = Fact(key, int(row[1]), op.NARROW, int(row[2]))
            self.reader.conditions.learn(walk.frame.env, fact)

    def _excluded(
        self, key: str, subject: TermId, matched: TermId, pattern: Node, remaining: Environment
    ) -> TermId:
        """A bare ``case C():`` that did not match leaves all but C."""
        row = self.walk.terms.rows[matched]
        if row[0] != op.NARROW or row[1] != subject or not self.walk.slice(pattern).endswith("()"):
            return subject
        if key:
            fact = Fact(key, subject, op.EXCLUDE, int(row[2]))
            self.reader.conditions.learn(remaining, fact)
        return self.walk.terms[(op.EXCLUDE, subject, int(row[2]))]

    def _is_bare(self, clause: Node) -> bool:
        """``case _`` or ``case name``, guarded or not: radon takes it for the else."""
        patterns = [child for child in clause.children if child.kind_id == _CASE]
        return len(patterns) == 1 and _catches_all(patterns[0])


def _catches_all(pattern: Node) -> bool:
    inner = parts(pattern)
    if len(inner) != 1:
        return False
    return inner[0].type == "_" or (inner[0].kind_id == _DOTTED and len(named(inner[0].children)) == 1)
