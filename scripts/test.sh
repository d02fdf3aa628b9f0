#!/bin/bash
# Everything that has to hold: format, build without a warning, every test (among them: generated pages, schemas and pasted output are current).
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
export PATH="$PWD/.build/python/bin:$PATH"
scripts/lint.sh
swift build --build-tests
swift test --skip-build "$@"
