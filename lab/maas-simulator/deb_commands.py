"""`maas-region` and `maas-rack`, which the packages have instead of the snap's own command."""
import os
import subprocess
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
    """What MAAS does with it: rackd is stopped, the host's identity is gone, and whether rackd runs in the end is nobody's concern (MAAS source,
    src/provisioningserver/register_command.py)."""
    host.need_root()
    urls, words = [], list(words)
    for number, word in enumerate(words[:-1]):
        if word == "--url":
            urls.append(words[number + 1])
    given, rest = cli.options(words, {"--url": str, "--secret": str})
    if rest or not urls:
        host.refuse("MAAS region controller URL must be given when supplying the shared secret via stdin with a non-interactive shell.")
    for url in urls:
        cli.need_region(url)
    subprocess.run(["systemctl", "stop", "maas-rackd"], check=True)
    if os.path.exists(host.IDENTITY):
        os.remove(host.IDENTITY)
    host.write_conf(host.RACKD, {"maas_url": urls})
    secret = given.get("--secret") or sys.stdin.readline().strip()
    if not secret or len(secret) % 2 or any(letter not in "0123456789abcdefABCDEF" for letter in secret):
        host.refuse("Secret could not be decoded as hex; aborting.")
    host.write(host.SECRET, secret)
    subprocess.run(["systemctl", "enable", "maas-rackd"], check=False)
    subprocess.run(["systemctl", "start", "maas-rackd"], check=False)


def main(words):
    commands = {
        "maas-region": {"dbupgrade": dbupgrade, "createadmin": cli.createadmin, "apikey": cli.apikey, "config-tls": cli.config_tls,
                        "config-vault": cli.config_vault},
        "maas-rack": {"install-shared-secret": install_shared_secret, "config": config, "register": register},
    }[words[0]]
    if len(words) < 2 or words[1] not in commands:
        host.unknown(" ".join(words))
    commands[words[1]](words[2:])
