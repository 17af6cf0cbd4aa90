"""What each sign that a symbol belongs to the seeds counts.

The weights of :data:`FITTED` were fitted to which functions people changed together, listwise by softmax
(Cao et al. 2007, "Learning to rank: from pairwise approach to listwise approach"), by
``tests/benchmarks/history/fit_context.py``; it also says what weights that were fitted without a repository
find in it. The kinds of symbols that this history does not count are weighed by hand.
"""

from __future__ import annotations

from typing import NamedTuple


class Weights(NamedTuple):
    """One number for each sign; what they are stands in :mod:`isg.graph.ranking.signals`."""

    share: float
    mentions: float
    close: float
    folder: float
    words: float
    together: float
    beside: float
    overlap: float
    order: float
    cosine: float


FITTED = Weights(
    share=0.339,
    mentions=0.851,
    close=0.965,
    folder=0.149,
    words=0.252,
    together=0.166,
    beside=0.136,
    overlap=0.278,
    order=0.454,
    cosine=0.786,
)
TEST, TYPE, VALUE = -1.0, -0.3, -1.2  # what is no plain function counts less
