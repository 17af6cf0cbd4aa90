#!/bin/sh
# A CI step: known import cycles pass, a new one fails and is shown where it closes.
# Once, by hand: isg find-cycles --baseline cycles.json --write-baseline, and commit the file.
set -eu
isg find-cycles --baseline "${1:-cycles.json}" --no-type-only --format github
