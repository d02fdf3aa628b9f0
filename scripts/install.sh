#!/bin/bash
# install.sh [DIRECTORY]: builds a release of maasc that needs neither Swift nor libyaml where it runs, and puts it there (default /usr/local/bin).
set -euo pipefail
target=$(realpath -m "${1:-/usr/local/bin}")
cd "$(dirname "$0")/.."
scripts/setup.sh build

# The linker prefers a shared library wherever it finds both, so it is shown a directory with nothing but the archive.
archives=.build/archives
mkdir -p "$archives"
ln -sf "$(pkg-config --variable=libdir yaml-0.1)/libyaml.a" "$archives/"
sed "s|^libdir=.*|libdir=$archives|" "$(pkg-config --variable=pcfiledir yaml-0.1)/yaml-0.1.pc" >"$archives/yaml-0.1.pc"
export PKG_CONFIG_PATH=$PWD/$archives

build=(swift build --configuration release --static-swift-stdlib)
"${build[@]}" --product maasc
install -D -s -m 755 "$("${build[@]}" --show-bin-path)/maasc" "$target/maasc"
"$target/maasc" --version
