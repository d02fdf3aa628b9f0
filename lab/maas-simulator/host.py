"""The host: MAAS' files on it, with the paths, owners and types that MAAS gives them."""
import grp
import json
import os
import pwd
import socket
import stat
import subprocess
import sys

import yaml

SNAP = os.path.isdir("/var/snap/maas")
CURRENT = "/var/snap/maas/current" if SNAP else "/etc/maas"
COMMON = "/var/snap/maas/common/maas" if SNAP else "/var/lib/maas"
REGIOND, RACKD = CURRENT + "/regiond.conf", CURRENT + "/rackd.conf"
SECRET, IDENTITY = COMMON + "/secret", COMMON + "/maas_id"
IMAGES = COMMON + "/image-storage"
MODE = "/var/snap/maas/common/snap_mode"
OWNER = "root" if SNAP else "maas"
SNAP_STATE = "/var/lib/snapd/maas.json"

REGION_OPTIONS = {
    "maas_url": str, "database_host": str, "database_port": int, "database_name": str, "database_user": str, "database_pass": str,
    "database_conn_max_age": int, "database_keepalive": bool, "database_keepalive_idle": int, "database_keepalive_interval": int,
    "database_keepalive_count": int, "num_workers": int, "debug": bool, "debug_queries": bool, "debug_http": bool, "vault_url": str,
    "vault_approle_id": str, "vault_secret_id": str, "vault_secrets_path": str, "vault_secrets_mount": str, "broadcast_address": str,
}
RACK_OPTIONS = {
    "maas_url": (list, str), "tftp_port": int, "tftp_root": str, "debug": bool, "max_idle_rpc_connections": int, "max_rpc_connections": int,
    "rpc_keepalive": int, "tftp_max_blksize": int, "httpproxy_cache_size": int,
}


def refuse(text, code=1):
    """Says what MAAS would say, on standard error, and ends."""
    print(text, file=sys.stderr)
    sys.exit(code)


def unknown(what):
    refuse(f"maas-simulator: this is not known to the simulator, so a runbook may not rely on it: {what}", 70)


def hostname():
    name = socket.gethostname()
    if "." in name:
        refuse(f"the host calls itself {name}: MAAS would make a domain of it; use the short name")
    return name


def version():
    if SNAP:
        return tuple(int(part) for part in snap_state()["channel"].split("/")[0].split("."))
    text = subprocess.check_output(["dpkg-query", "-W", "-f", "${Version}", "maas-common"], text=True)
    return tuple(int(part) for part in text.split(":")[1].split(".")[:2])


def snap_state():
    with open(SNAP_STATE, encoding="utf-8") as file:
        return json.load(file)


def snap_mode():
    try:
        with open(MODE, encoding="ascii") as file:
            return file.read().strip()
    except FileNotFoundError:
        return "none"


def read_text(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def read_conf(path):
    """The values of a configuration file of MAAS; ends where MAAS could not use them, or where others could read them."""
    options = REGION_OPTIONS if path == REGIOND else RACK_OPTIONS
    found = os.stat(path)
    owner = f"{pwd.getpwuid(found.st_uid).pw_name}:{grp.getgrgid(found.st_gid).gr_name}"
    if owner != f"{OWNER}:{OWNER}":
        refuse(f"{path} belongs to {owner}, MAAS needs {OWNER}:{OWNER}")
    if stat.S_IMODE(found.st_mode) & 0o137 and path == REGIOND:
        refuse(f"{path} has the mode {stat.S_IMODE(found.st_mode):o}: the database's password is open to others")
    values = yaml.safe_load(read_text(path)) or {}
    for key, value in values.items():
        if key not in options:
            refuse(f"{path}: MAAS would ignore the unknown key {key}")
        if not isinstance(value, options[key]) or (options[key] is int and isinstance(value, bool)):
            refuse(f"{path}: {key} has a value of the wrong type: {type(value).__name__}")
    return values


def write_conf(path, values):
    """As MAAS' own commands write: whole file anew, 0644 where there was none, the mode kept where there was."""
    mode = stat.S_IMODE(os.stat(path).st_mode) if os.path.exists(path) else 0o644
    merged = {**(yaml.safe_load(read_text(path)) or {}), **values}
    write(path, "".join(f"{key}: {json.dumps(value)}\n" for key, value in merged.items()), mode)


def write(path, text, mode=0o640):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    new = path + ".new"
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), mode)
        file.write(text)
    if os.geteuid() == 0:
        account = pwd.getpwnam(OWNER)
        os.chown(new, account.pw_uid, account.pw_gid)
    os.replace(new, path)


def need_root():
    if os.geteuid() != 0:
        refuse("You need to be root to run this command.")
