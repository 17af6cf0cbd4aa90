#!/bin/sh
# A CI step: where complex code changes often and much depends on it; text for the log, SARIF for the code host.
set -eu
isg hotspots --limit 10 --output "sarif:${1:-hotspots.sarif}"
