#!/bin/bash
# Format and scripts, no finding allowed.
set -euo pipefail
cd "$(dirname "$0")/.."
swift format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources
shellcheck -S style scripts/*.sh lab/level2/*.sh .ci/run
shellcheck -x -S style lab/*.sh lab/scenes/*.sh
