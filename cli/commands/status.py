"""``isg status``."""

from __future__ import annotations
