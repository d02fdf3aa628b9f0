#!/bin/bash
# install.sh [DIRECTORY]: builds a release of maasc that needs no Swift where it runs, and puts it there (default /usr/local/bin).
set -euo pipefail
target=$(realpath -m "${1:-/usr/local/bin}")
cd "$(dirname "$0")/.."
scripts/setup.sh build
swift build --configuration release --static-swift-stdlib --product maasc
install -D -s -m 755 "$(swift build --configuration release --static-swift-stdlib --show-bin-path)/maasc" "$target/maasc"
"$target/maasc" --version
