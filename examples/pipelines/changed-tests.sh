#!/bin/sh
# The test files that the changes since a revision can reach.
# usage: changed-tests.sh [REVISION] | xargs pytest
set -eu
isg blast-radius --diff "${1:-HEAD}" --tests --paths-only
