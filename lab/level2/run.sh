#!/bin/bash
# The laboratory's second level: compiles examples, runs what came out as hosts in namespaces, breaks them, and prints what a client saw beside
# what it should see. Exit 1 when a claim does not hold or, repeated, a median is over its target. Needs root; leaves nothing behind.
# usage: run.sh [--full | --soak] [--only PART]...
#   --full: five times each, and the results into docs/laboratory-results.md; --soak: twenty times each; PART: of lab.py, or an example
set -euo pipefail
cd "$(dirname "$0")/../.."

repeats=1 limit=900 options=()
while (($#)); do
  case $1 in
    --full) repeats=5 limit=2400 options+=(--page docs/laboratory-results.md) ;;
    --soak) repeats=20 limit=9000 ;;
    --only)
      options+=(--only "$2")
      shift
      ;;
    *)
      sed -n '2,6s/^# //p' "$0" >&2
      exit 64
      ;;
  esac
  shift
done
[[ $(id -u) == 0 ]] || { echo "the laboratory makes namespaces: run it as root" >&2; exit 77; }

scripts/setup.sh lab
swift build --quiet --product maasc
maasc=$(swift build --show-bin-path)/maasc
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for example in three-node patroni; do
  "$maasc" compile "examples/$example.topology.yaml" --output "$work/bundles/$example"
done

# Everything dies with the first process of these namespaces, and the layers of the hosts with their memory.
mkdir "$work/hosts"
# shellcheck disable=SC2016
timeout -k 5 "$limit" unshare --mount --net --pid --fork --kill-child --mount-proc --propagation private \
  bash -c 'mount -t tmpfs tmpfs "$0/hosts"; mount -t sysfs sysfs /sys; exec "$@"' "$work" \
  /usr/bin/python3 -B lab/level2/lab.py --examples examples --bundles "$work/bundles" --work "$work/hosts" --repeats "$repeats" "${options[@]}"
