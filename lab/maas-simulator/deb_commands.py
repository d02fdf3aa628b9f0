"""`maas-region` and `maas-rack`, which the packages have instead of the snap's own command."""
import sys

import cli
import database
import host


def dbupgrade(words):
    host.need_root()
    if words:
        host.unknown(f"maas-region dbupgrade {words}")
    database.migrate(host.read_conf(host.REGIOND))


def install_shared_secret(words):
    host.need_root()
    if words:
        host.unknown(f"maas-rack install-shared-secret {words}")
    secret = sys.stdin.readline().strip()
    if not secret or len(secret) % 2 or any(letter not in "0123456789abcdefABCDEF" for letter in secret):
        host.refuse("Secret could not be decoded as hex; aborting.")
    now = host.read_text(host.SECRET).strip()
    if now and now != secret:
        host.refuse("The given secret is different from the one that is installed already; aborting.")
    with open(host.SECRET, "w", encoding="ascii") as file:
        file.write(secret)
    print(f"Secret installed to {host.SECRET}.")


def config(words):
    host.need_root()
    given = []
    words = list(words)
    while words:
        if words.pop(0) != "--region-url" or not words:
            host.unknown("maas-rack config: only --region-url")
        given.append(words.pop(0))
    host.write_conf(host.RACKD, {"maas_url": given})


def register(words):
    # The real one drives systemctl, and says nothing where rackd does not run.
    host.unknown(f"maas-rack register {words}: it exits 0 with rackd stopped, and deletes maas_id on a region; use install-shared-secret")


def main(words):
    commands = {
        "maas-region": {"dbupgrade": dbupgrade, "createadmin": cli.createadmin, "apikey": cli.apikey, "config-tls": cli.config_tls},
        "maas-rack": {"install-shared-secret": install_shared_secret, "config": config, "register": register},
    }[words[0]]
    if len(words) < 2 or words[1] not in commands:
        host.unknown(" ".join(words))
    commands[words[1]](words[2:])
