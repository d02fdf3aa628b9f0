#!/usr/bin/env bash
# Builds the program as it is shipped, makes the inputs, measures each budget of the project and prints whether it is kept.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh build
bench=$PWD/.build/bench
rm -rf "$bench"
mkdir -p "$bench"

swift build -c release --static-swift-stdlib --product maasc
install -s -m 755 .build/release/maasc "$bench/maasc"
swift build -c release --package-path Benchmarks
install -m 755 Benchmarks/.build/release/bare-libyaml Benchmarks/.build/release/budgets "$bench"

# examples/large.sh takes the number of pairs of racks; a pair and its VLANs are about 1,500 bytes.
bash examples/large.sh >"$bench/large.topology.yaml"
bash examples/large.sh 6800 >"$bench/ten-megabytes.topology.yaml"
for hosts in 100 1000 10000 50000; do bash examples/large.sh $((hosts / 2)) >"$bench/hosts-$hosts.topology.yaml"; done
# 10,000 VLANs with more machines than leases.
awk '/machines: 20$/ && ++count <= 10000 { sub(/20$/, "200") } { print }' "$bench/ten-megabytes.topology.yaml" >"$bench/findings.topology.yaml"

"$bench/budgets" "$bench"
