"""Commands that ask git: what changed together, and what they say where there is no history."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

PRICES = (
    "def price(item):\n    return {0}\n\n\ndef total(items):\n    return sum(price(item) for item in items)\n"
)
LABEL = "def label(item):\n    return {0}\n"


def commit(root: Path, day: int, files: dict[str, str]) -> None:
    for path, content in files.items():
        (root / path).write_text(content)
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    date = f"2024-01-{day:02}T12:00:00Z"
    for command in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "x", "--date", date]):
        environment = {"PATH": "/usr/bin:/bin:/usr/local/bin", "GIT_COMMITTER_DATE": date, "HOME": str(root)}
        subprocess.run(["git", "-C", str(root), *command], check=True, env=environment)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch) -> Path:
    """Three commits: one adds all, two change price and label."""
    root = tmp_path / "goods"
    root.mkdir()
    for day in (1, 2, 3):
        commit(root, day, {"prices.py": PRICES.format(day), "labels.py": LABEL.format(day)})
    monkeypatch.chdir(root)
    return root


class TestCoChange:
    def test_says_what_changed_together_and_that_no_edge_says_why(self, isg, repository) -> None:
        done = isg("co-change", "price")
        assert done.status == 0
        assert (
            "function price (prices.py:1): 3 commits, 1 symbol changed with it, 1 without an edge" in done.out
        )
        assert "3        100%   2024-01-03  -      function  label  labels.py:1" in done.out

    def test_a_partner_with_an_edge_says_which(self, isg, repository) -> None:
        found = isg("co-change", "price", "--min-support", "1", "--json").json
        assert [(one["name"], one["support"], one["edge"]) for one in found["results"]] == [
            ("label", 3, None),
            ("total", 1, {"kind": "CALLS", "direction": "in", "confidence": "exact"}),
        ]
        assert found["commits"] == 3
        assert found["bound"]["certain"] == 1

    def test_members_are_no_partners_of_what_they_are_in(self, isg, repository) -> None:
        found = isg("co-change", "prices.py", "--json").json
        assert [one["name"] for one in found["results"]] == ["label"]

    def test_without_git_it_says_so(self, isg, tmp_path, monkeypatch) -> None:
        (tmp_path / "a.py").write_text("def one(): ...\n")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
        done = isg("co-change", "one")
        assert done.status == 0
        assert "there is no git history" in done.out

    def test_a_wrong_support_is_refused(self, isg, repository) -> None:
        assert isg("co-change", "price", "--min-support", "0").status == 2


class TestHotspots:
    def test_churn_is_that_of_the_lines_of_a_function(self, isg, repository) -> None:
        found = {one["name"]: one for one in isg("hotspots", "--json").json["results"]}
        assert {name: one["churn"] for name, one in found.items()} == {"price": 3, "total": 1, "label": 3}
        assert found["price"]["recent"] > found["total"]["recent"]

    def test_since_counts_from_a_day_or_a_while_before_the_newest_commit(self, isg, repository) -> None:
        for since in ("2024-01-02", "1d"):
            found = isg("hotspots", "--since", since, "--json").json["results"]
            assert {one["name"]: one["churn"] for one in found} == {"price": 2, "total": 0, "label": 2}

    def test_since_must_be_a_date(self, isg, repository) -> None:
        for wrong in ("yesterday", "1q", "99999999y", "2024-13-01"):
            done = isg("hotspots", "--since", wrong)
            assert done.status == 2
            assert f"--since cannot be '{wrong}'" in done.err

    def test_a_gate_fails_on_a_score(self, isg, repository) -> None:
        scores = [one["score"] for one in isg("hotspots", "--json").json["results"]]
        assert isg("hotspots", "--fail-on", str(max(scores) + 1)).status == 0
        done = isg("hotspots", "--fail-on", str(max(scores)))
        assert done.status == 1
        assert "1 function of score" in done.out

    def test_by_line_the_formula_says_so(self, isg, repository) -> None:
        assert "by (1+lines)^-1 ×" in isg("hotspots", "--per-line").out
