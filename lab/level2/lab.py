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

# Sites that run side by side, for most of their time they wait: the example, what has to run, then what is measured.
SITES = [
    ("three-node", (balancers.start, dhcp.start), {"balancers": balancers.measure, "dhcp": dhcp.measure}),
    ("three-node", (balancers.start, streaming.start, dhcp.start), {"streaming": streaming.measure, "pairs": pairs.measure}),
    ("patroni", (balancers.start, patroni.start), {"dedicated": balancers.measure_dedicated, "quorum": patroni.measure_quorum}),
    ("patroni", (balancers.start, patroni.start), {"primary": patroni.measure_primary}),
    ("patroni", (balancers.start, patroni.start), {"hosts": patroni.measure_hosts}),
]


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--examples", "--bundles", "--work"):
        parser.add_argument(name, required=True, type=pathlib.Path)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--only", action="append", help="a part or an example; may be repeated")
    parser.add_argument("--page", type=pathlib.Path, help="where to write the results")
    given = parser.parse_args()
    given.only = set(given.only or [])
    return given


def perform(number, results, starts, parts, given):
    """One site, from its first boot to its end."""
    bundle = Bundle(given.bundles / results.name, given.examples / f"{results.name}.topology.yaml")
    site, began = Site(bundle, given.work, number), time.monotonic()
    try:
        site.boot()
        for start in starts:
            start(site)
        print(f"{site.name} runs after {time.monotonic() - began:.1f} s", flush=True)
        for part, measure in parts.items():
            began = time.monotonic()
            measure(site, results, given.repeats)
            print(f"{site.name}, {part}: {time.monotonic() - began:.0f} s", flush=True)
    except Exception:
        results.case(f"the laboratory {site.name} runs to its end", False)
        traceback.print_exc()
        site.show_logs()
    finally:
        site.stop()


def main():
    given = parse()
    chosen = [(example, starts, {part: measure for part, measure in parts.items() if not given.only or {part, example} & given.only})
              for example, starts, parts in SITES]
    runs = [(Results(example), starts, parts) for example, starts, parts in chosen if parts]
    sites = [threading.Thread(target=perform, args=(number, *run, given)) for number, run in enumerate(runs)]
    for thread in sites:
        thread.start()
    for thread in sites:
        thread.join()
    examples = [Results.merged([results for results, _, _ in runs if results.name == name]) for name in dict.fromkeys(run[0].name for run in runs)]
    for results in examples:
        print("\n".join(results.summary()))
        # A part alone would take the place of the whole.
        if given.page and (not given.only or results.name in given.only):
            results.write(given.page, given.repeats)
    sys.exit(not examples or not all(results.all_hold for results in examples))


main()
