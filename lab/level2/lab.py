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


def chosen(name, given):
    return {part: measure for part, measure in PLANS[name][1].items() if part in (given.only or PLANS[name][1])}


def perform(name, given, results):
    site, began = Site(Bundle(given.bundles / name, given.examples / f"{name}.topology.yaml"), given.work), time.monotonic()
    try:
        site.boot()
        for start in PLANS[name][0]:
            start(site)
        print(f"{name} runs after {time.monotonic() - began:.1f} s", flush=True)
        for part, measure in chosen(name, given).items():
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
    given = parse()
    found = {name: Results(name) for name in PLANS if chosen(name, given)}
    sites = [threading.Thread(target=perform, args=(name, given, results)) for name, results in found.items()]
    for thread in sites:
        thread.start()
    for thread in sites:
        thread.join()
    for results in found.values():
        print("\n".join(results.summary()))
        # A part alone would take the place of the whole.
        if given.page and chosen(results.name, given) == PLANS[results.name][1]:
            results.write(given.page, given.repeats)
    sys.exit(not found or not all(results.all_hold for results in found.values()))


main()
