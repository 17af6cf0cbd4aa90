"""``isg index``."""

from __future__ import annotations
