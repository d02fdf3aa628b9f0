"""The laboratory's second level: what the emitted files do when daemons run them and something breaks. Runs as root, in namespaces of its own."""
import argparse
import pathlib
import sys
import threading
import time
import traceback

import balancers
import dhcp
import pairs
import patroni
import streaming
from bundle import Bundle
from layout import Site
from results import Results

# For each example: what has to run, then what is measured.
PLANS = {
    "three-node": ((balancers.start, streaming.start, dhcp.start), {
        "balancers": balancers.measure,
        "streaming": streaming.measure,
        "dhcp": dhcp.measure,
        "pairs": pairs.measure,
    }),
    "patroni": ((balancers.start, patroni.start), {
        "dedicated": balancers.measure_dedicated,
        "patroni": patroni.measure,
    }),
}


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--examples", "--bundles", "--work"):
        parser.add_argument(name, required=True, type=pathlib.Path)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--only", action="append", help="a part; may be repeated")
    parser.add_argument("--page", type=pathlib.Path, help="where to write the results")
    return parser.parse_args()


def perform(name, given, results):
    starts, parts = PLANS[name]
    chosen = {part: measure for part, measure in parts.items() if part in (given.only or parts)}
    if not chosen:
        return
    site, began = Site(Bundle(given.bundles / name, given.examples / f"{name}.topology.yaml"), given.work), time.monotonic()
    try:
        site.boot()
        for start in starts:
            start(site)
        print(f"{name} runs after {time.monotonic() - began:.1f} s", flush=True)
        for part, measure in chosen.items():
            began = time.monotonic()
            measure(site, results, given.repeats)
            print(f"{name}, {part}: {time.monotonic() - began:.0f} s", flush=True)
    except Exception:
        results.case(f"the laboratory of {name} runs to its end", False)
        traceback.print_exc()
        site.show_logs()
    finally:
        site.stop()


def main():
    given, results = parse(), Results()
    sites = [threading.Thread(target=perform, args=(name, given, results)) for name in PLANS]
    for thread in sites:
        thread.start()
    for thread in sites:
        thread.join()
    print("\n".join(results.table()))
    failed = [text for text, holds in results.cases if not holds]
    print(f"{len(results.cases) - len(failed)} of {len(results.cases)} other claims hold")
    for text in failed:
        print(f"NOT OK: {text}")
    if given.page:
        results.write(given.page, given.repeats)
    sys.exit(not results.all_hold)


main()
