#!/bin/sh
# What the changes since a revision can break, likeliest first, as Markdown.
# usage: changed.sh [REVISION]
set -eu
git diff --name-only --diff-filter=d --relative "${1:-HEAD}" -- '*.py' |
    isg blast-radius - --together --depth 2 --format md
