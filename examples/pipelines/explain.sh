#!/bin/sh
# A prompt about one symbol, with the code that a reader needs to understand it.
# usage: explain.sh SYMBOL [BUDGET] | llm
set -eu
printf 'Explain what %s is for, and what somebody who changes it has to look out for.\n\n' "$1"
isg context "$1" --budget "${2:-4000}"
