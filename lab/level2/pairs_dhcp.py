"""The two DHCP servers of a VLAN."""
import ipaddress
import re

from pairs import case, edited, holds_within


def prove(site, results):
    pair = site.pair
    pair.complete()

    def restart(_):
        pair.restart()

    def serves():
        return holds_within(5, pair.is_normal) and pair.lease(tries=2) is not None

    secondary = [pair.hosts[1]]
    case(results, "one DHCP server of a pair is primary, the other secondary", serves,
         edited(secondary, pair.preview, lambda text: text.replace("    secondary;", "    primary;\n    mclt 3600;\n    split 255;"), restart))
    case(results, "both DHCP servers of a pair give it the same name", serves,
         edited(secondary, pair.preview, lambda text: text.replace('peer "failover', 'peer "other'), restart))
    pair.complete()
    first, last = re.search(r"range (\S+) (\S+);", pair.hosts[0].path(pair.preview).read_text()).groups()
    taken = [address for name in site.bundle.hosts for _, address in site.bundle.networks(name)]
    covered = [text for text in taken if ipaddress.ip_address(first) <= ipaddress.ip_address(text) <= ipaddress.ip_address(last)]
    results.case("no range covers a controller's address", not covered)
