#!/usr/bin/env bash
# Builds the program as it is shipped, makes the inputs, and runs the benchmark suite.
set -euo pipefail
cd "$(dirname "$0")/.."
BENCH=${MAASC_BENCH:-$PWD/.build/bench}
mkdir -p "$BENCH/scratch"

swift build -c release --static-swift-stdlib --product maasc
install -m 755 .build/release/maasc "$BENCH/maasc"
strip "$BENCH/maasc"
swift build -c release --package-path Benchmarks --product bare-libyaml
install -m 755 Benchmarks/.build/release/bare-libyaml "$BENCH/bare-libyaml"

# examples/large.sh takes the number of pairs of racks; a pair and its VLANs are about 1,500 bytes.
bash examples/large.sh >"$BENCH/large.topology.yaml"
bash examples/large.sh 6800 >"$BENCH/ten-megabytes.topology.yaml"
for hosts in 100 1000 10000 50000; do bash examples/large.sh $((hosts / 2)) >"$BENCH/hosts-$hosts.topology.yaml"; done

MAASC_BENCH=$BENCH swift package --package-path Benchmarks --disable-sandbox benchmark "$@"
