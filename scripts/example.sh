#!/bin/bash
# Builds maasc and compiles an example (default: three-node) into a bundle.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh build
swift build --product maasc
"$(swift build --show-bin-path)/maasc" compile "examples/${1:-three-node}.topology.yaml" --output "${2:-bundle}"
