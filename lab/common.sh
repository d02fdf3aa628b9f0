# shellcheck shell=bash
# What the programs of the laboratory share.
# shellcheck disable=SC2034 # each of them uses some
set -euo pipefail
export LC_ALL=C
LAB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CACHE=${MAASC_LAB_CACHE:-${XDG_CACHE_HOME:-/var/cache}/maasc-lab}
# Everything that one laboratory makes carries its name, so that several may run and each removes only its own.
export MAASC_LAB_NAME=${MAASC_LAB_NAME:-lab}
NAME=$MAASC_LAB_NAME
WORK=${MAASC_LAB_WORK:-/run/maasc-lab/$NAME}
# Packages that change must not change below a laboratory that runs: every version of lab/packages.sh has a folder of its own.
REPOSITORY=$CACHE/repository-$(sha256sum <"$LAB/packages.sh" | cut -c 1-12)
say() { printf '%s\n' "$*"; }
topology_of() { # EXAMPLE: a name in examples/ or lab/topologies/, or a file
  local file
  for file in "$LAB/../examples/$1.topology.yaml" "$LAB/topologies/$1.topology.yaml" "$1"; do
    if [[ -f $file ]]; then realpath "$file"; return; fi
  done
  fail "there is no topology $1"
}
url_of() { # TOPOLOGY: where clients find MAAS
  python3 -c 'import sys, yaml
topology = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
first = topology["hosts"][next(iter(topology["regions"]))]
print(topology["maas"].get("url") or "http://{}:5240/MAAS".format(first["address"]))' "$1"
}
fail() { printf '%s\n' "$*" >&2; exit 1; }
