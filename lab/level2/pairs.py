"""Defects that each file hides and only files, hosts or daemons together show. Each case first proves that the emitted files do not have the
defect, then puts it in and proves that the same look would have found it."""
import contextlib

import balancers
import services
from machine import Broken, until


def case(results, text, is_sound, sabotage):
    """`is_sound` looks; `sabotage` is a context in which the defect is there."""
    sound = is_sound()
    results.case(text, sound)
    if sound:
        with sabotage:
            seen = not is_sound()
        if not seen:
            raise Broken(f"{text}: the sabotage makes no difference, so this case proves nothing")


@contextlib.contextmanager
def edited(hosts, path, change, reread):
    """A slip in a file on some hosts, and who reads it again."""
    before = [(host, host.edit(path, change)) for host in hosts]
    try:
        for host in hosts:
            reread(host)
        yield
    finally:
        for host, text in before:
            host.path(path).write_text(text)
            reread(host)


def holds_within(seconds, condition):
    """Whether it comes true in time."""
    try:
        until(seconds, "", condition)
        return True
    except Broken:
        return False


def restart_keepalived(host):
    if host.daemons["keepalived"].poll() is None:
        services.stop(host, "keepalived")
    services.start_keepalived(host)


def restart_haproxy(host):
    """Whether HAProxy takes its file and its sockets."""
    if host.daemons["haproxy"].poll() is None:
        host.kill("haproxy")
        host.ended("haproxy")
    try:
        services.start_haproxy(host)
        return True
    except Broken:
        return False


def measure(site, results, _):
    import pairs_balancers
    import pairs_database
    import pairs_dhcp
    balancers.whole(site)
    for part in (pairs_balancers, pairs_database, pairs_dhcp):
        part.prove(site, results)
        balancers.whole(site)
