#!/bin/sh
# The test files that the changes since a revision can reach.
# usage: changed-tests.sh [REVISION] | xargs pytest
set -eu
git diff --name-only --diff-filter=d --relative "${1:-HEAD}" -- '*.py' |
    isg blast-radius - --together --tests --paths-only
