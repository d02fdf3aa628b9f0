"""The `snap` command, as far as MAAS' snap needs it."""
import json
import os
import shutil
import subprocess

import host

UNIT = "snap.maas.pebble.service"
REVISIONS = {"3.4": 36889, "3.5": 39209, "3.6": 40962, "3.7": 41649, "3.8": 42010}


def state():
    return host.snap_state() if os.path.exists(host.SNAP_STATE) else None


def save(value):
    os.makedirs(os.path.dirname(host.SNAP_STATE), exist_ok=True)
    with open(host.SNAP_STATE + ".new", "w", encoding="utf-8") as file:
        json.dump(value, file)
    os.replace(host.SNAP_STATE + ".new", host.SNAP_STATE)


def systemctl(*words):
    subprocess.run(["systemctl", *words], check=True)


def install(words):
    given = dict(word.split("=", 1) for word in words[1:] if word.startswith("--channel="))
    if words[:1] != ["maas"] or len(words) != 2 or "--channel" not in given:
        host.unknown(f"snap install {words}")
    if state():
        print('snap "maas" is already installed, see \'snap help refresh\'')
        return
    track = given["--channel"].split("/")[0]
    if track not in REVISIONS:
        host.refuse(f'error: snap "maas" is not available on {given["--channel"]}')
    revision = REVISIONS[track]
    for path in (f"/var/snap/maas/{revision}", "/var/snap/maas/common/maas", "/snap/bin"):
        os.makedirs(path, exist_ok=True)
    if not os.path.islink("/var/snap/maas/current"):
        os.symlink(str(revision), "/var/snap/maas/current")
    with open("/snap/bin/maas", "w", encoding="ascii") as file:
        file.write('#!/bin/sh\nexec /opt/maas-simulator/simulate maas "$@"\n')
    os.chmod("/snap/bin/maas", 0o755)
    with open(f"/etc/systemd/system/{UNIT}", "w", encoding="ascii") as file:
        file.write("[Unit]\nDescription=Service for snap application maas.pebble\nAfter=network.target\n\n[Service]\n"
                   "ExecStart=/opt/maas-simulator/simulate pebble\nRestart=always\nRestartSec=1\nKillMode=control-group\nTimeoutStopSec=10\n\n"
                   "[Install]\nWantedBy=multi-user.target\n")
    systemctl("daemon-reload")
    save({"channel": given["--channel"], "revision": revision, "held": False})
    print(f"maas ({given['--channel']}) {track}.2-lab from Canonical installed")


def need():
    return state() or host.refuse('error: snap "maas" is not installed')


def refresh(words):
    now = need()
    if words == ["--hold", "maas"]:
        save({**now, "held": True})
        print('General refreshes of "maas" held indefinitely')
    elif words == ["--unhold", "maas"]:
        save({**now, "held": False})
    elif len(words) == 2 and words[0] == "maas" and words[1].startswith("--revision="):
        if words[1] != f"--revision={now['revision']}":
            host.refuse(f"error: the simulator's store has only the revision {now['revision']}")
    else:
        host.unknown(f"snap refresh {words}")


def listed(words):
    if words not in ([], ["maas"]):
        host.unknown(f"snap list {words}")
    now = state()
    if not now:
        host.refuse('error: no matching snaps installed')
    track = now["channel"].split("/")[0]
    print("Name  Version  Rev  Tracking  Publisher  Notes")
    print(f"maas  {track}.2-lab  {now['revision']}  {now['channel']}  canonical**  {'held' if now['held'] else '-'}")


def service(verb):
    def run(words):
        need()
        if words != ["maas"]:
            host.unknown(f"snap {verb} {words}")
        if verb == "restart" or verb == "start":
            if host.snap_mode() == "none":
                host.refuse("MAAS is not initialised, so there is nothing to start")
        systemctl(verb, UNIT)
    return run


def remove(words):
    if words != ["--purge", "maas"]:
        host.unknown(f"snap remove {words}")
    need()
    subprocess.run(["systemctl", "disable", "--now", UNIT], check=False)
    for path in ("/var/snap/maas", "/snap/bin/maas", f"/etc/systemd/system/{UNIT}", host.SNAP_STATE):
        if os.path.isdir(path):
            shutil.rmtree(path)
        elif os.path.exists(path):
            os.remove(path)


def logs(words):
    os.execvp("journalctl", ["journalctl", "-u", UNIT, *(word for word in words if word != "maas")])


def main(words):
    commands = {"install": install, "refresh": refresh, "list": listed, "remove": remove, "logs": logs,
                **{verb: service(verb) for verb in ("start", "stop", "restart")}}
    if not words or words[0] not in commands:
        host.unknown("snap " + " ".join(words))
    commands[words[0]](words[1:])
