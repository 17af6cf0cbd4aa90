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
    words: float
    together: float
    beside: float
    order: float
    rarest: float
    cosine: float


FITTED = Weights(
    share=0.275,
    mentions=0.828,
    close=1.096,
    words=0.271,
    together=0.149,
    beside=0.113,
    order=0.357,
    rarest=0.361,
    cosine=1.417,
)
TEST, TYPE, VALUE = -1.0, -0.3, -1.2  # what is no plain function counts less
