"""Whether ``context`` keeps its budget as real tokenizers count: random symbols, three budgets, any trees.

As Markdown, all of which counts, and as the texts of JSON, which count alone.

    context_budget.py TREE… [--tokenizers NAME,…] [--times N]

A tokenizer is an encoding of tiktoken (its file has to be there: nothing is downloaded) or the path of a
``tokenizer.json`` of Hugging Face. ``tiktoken`` and ``tokenizers`` are no dependencies of isg; the package
litellm holds those of cl100k_base and o200k_base (a folder for TIKTOKEN_CACHE_DIR) and of two others.
Printed are overruns, and how much of the estimate an answer really needs.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path

from asking import Symbols, graph_of
from trees import tree_of

from isg.cli.tokenizers import counter
from isg.graph.errors import UsageError
from isg.graph.queries.context import Manner, context
from isg.graph.queries.forms import MARKDOWN, TEXTS
from isg.store.head import read_head
from isg.store.location import locate
from isg.store.source import SourceText

BUDGETS = (500, 2_000, 8_000)


def main() -> None:
    given = _arguments()
    counters = {name: _counter(name) for name in given.tokenizers.split(",")}
    overruns = sum(_asked(tree, counters, given.times) for tree in given.trees)
    sys.exit(1 if overruns else 0)


def _arguments() -> argparse.Namespace:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("trees", type=Path, nargs="+")
    parser.add_argument("--tokenizers", default="cl100k_base,o200k_base")
    parser.add_argument("--times", type=int, default=1000)
    return parser.parse_args()


def _counter(name: str) -> Callable[[str], int]:
    try:
        return counter(name)
    except UsageError as error:
        sys.exit(f"context_budget: {error} ({error.hint})")


def _asked(given: Path, counters: dict[str, Callable[[str], int]], times: int) -> int:
    """Ask about so many symbols of a tree, say what came out, and count the answers over budget."""
    with tree_of(given, "") as tree:
        graph = graph_of(tree)
        location = locate(tree)
        source = SourceText(tree, read_head(location.head)).of
        used: dict[str, list[float]] = {name: [] for name in counters}
        overruns = dict.fromkeys(counters, 0)
        for node in Symbols.of(graph).any[:times]:
            for budget, form in product(BUDGETS, (MARKDOWN, TEXTS)):
                answer = context(graph, [node], budget=budget, source=source, manner=Manner(form=form))
                printed = [answer.document] if form is MARKDOWN else [piece.text for piece in answer.results]
                for name, count in counters.items():
                    tokens = sum(map(count, printed))
                    overruns[name] += tokens > budget
                    used[name].append(tokens / max(1, answer.tokens))
    for name, shares in used.items():
        low, middle, high = min(shares), statistics.median(shares), max(shares)
        print(
            f"{given.name:16s} {Path(name).name:26s} {len(shares):6,d} answers, {overruns[name]} over;",
            f"of the estimate: {low:.2f} least, {middle:.2f} usual, {high:.2f} most",
            flush=True,
        )
    return sum(overruns.values())


if __name__ == "__main__":
    main()
