"""A laboratory host: namespaces of its own, joined to the bridges of the switch, which is the namespace that this program runs in."""
import os
import pathlib
import shutil
import signal
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
ENVIRONMENT = ["/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "HOME=/root"]


class Broken(Exception):
    """The laboratory itself does not do what a measurement rests on."""


def until(seconds, what, condition, pause=0.05):
    """Waits until the condition holds, and returns what it gave. A longer `pause` is for who asks with programs: that costs others their time."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise Broken(f"after {seconds} s still not: {what}")
        time.sleep(pause)
    return found


def command(*words, **options):
    return subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL, **options).stdout


def first_process(outside):
    """The process id of what `unshare` started, once that is in a root of its own: before, what is meant for the host would go into this
    machine's."""
    children = pathlib.Path(f"/proc/{outside.pid}/task/{outside.pid}/children").read_text().split()
    return next((child for child in children if pathlib.Path(f"/proc/{child}/root/run/ready").exists()), None)


class Host:
    def __init__(self, name, plug, directory, links):
        """`plug` begins the names of its links at the switch. `links`: for each interface in order, the bridge and the address with its prefix
        length, or None."""
        self.name, self.prefix, self.directory, self.links = name, plug, directory, links
        self.init, self.daemons = None, {}
        directory.mkdir(parents=True)

    def boot(self):
        outside = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--net", "--uts", "--ipc", "--kill-child", "--", HERE / "host.sh", self.directory, self.name],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        found = until(30, f"{self.name} is up", lambda: first_process(outside) or outside.poll() is not None)
        if outside.poll() is not None:
            raise Broken(f"{self.name} does not start: {outside.stderr.read()}")
        self.outside, self.init, self.root = outside, int(found), pathlib.Path(f"/proc/{found}/root")
        for place, (bridge, address) in enumerate(self.links):
            self.plug(place, bridge, address)

    def port(self, place=0):
        """The name of an interface's other end, at the switch."""
        return f"{self.prefix}-{place}"

    def plug(self, place, bridge, address):
        command("ip", "link", "add", self.port(place), "type", "veth", "peer", "name", f"eth{place}", "netns", self.init)
        command("ip", "link", "set", self.port(place), "master", bridge, "up")
        if address:
            self.run("ip", "address", "add", address, "dev", f"eth{place}")
        self.run("ip", "link", "set", f"eth{place}", "up")

    def cut(self, place=0):
        command("ip", "link", "set", self.port(place), "down")

    def join(self, place=0):
        command("ip", "link", "set", self.port(place), "up")

    def enter(self, words):
        return ["nsenter", "-t", str(self.init), "-m", "-p", "-n", "-u", "-i", "-r", "-w", *ENVIRONMENT, *(str(word) for word in words)]

    def run(self, *words, check=True, seconds=120, text=None):
        given = {"stdin": subprocess.DEVNULL} if text is None else {"input": text}
        done = subprocess.run(self.enter(words), capture_output=True, text=True, timeout=seconds, **given)
        if check and done.returncode != 0:
            raise Broken(f"on {self.name}: {' '.join(str(word) for word in words)}: {done.stderr or done.stdout}")
        return done

    def succeeds(self, *words):
        return self.run(*words, check=False).returncode == 0

    def spawn(self, name, *words):
        """Starts a daemon in the foreground; its output goes to a file that `log` reads."""
        with open(self.directory / f"{name}.log", "ab") as log:
            self.daemons[name] = subprocess.Popen(self.enter(words), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        return self.daemons[name]

    def log(self, name):
        return (self.directory / f"{name}.log").read_text(errors="replace")

    def forget_log(self, name):
        (self.directory / f"{name}.log").unlink(missing_ok=True)

    def processes(self, program):
        """Process ids, as this program sees them, of a program on this host."""
        mine, found = os.readlink(f"/proc/{self.init}/ns/pid"), []
        for entry in os.listdir("/proc"):
            try:
                if entry.isdigit() and os.readlink(f"/proc/{entry}/ns/pid") == mine:
                    words = pathlib.Path(f"/proc/{entry}/cmdline").read_bytes().split(b"\0")
                    if any(os.path.basename(word) == program.encode() for word in words[:3]):
                        found.append(int(entry))
            except OSError:
                continue
        return found

    def signal(self, program, number):
        found = self.processes(program)
        if not found:
            raise Broken(f"{program} does not run on {self.name}")
        for process in found:
            try:
                os.kill(process, number)
            except ProcessLookupError:
                continue

    def signal_first(self, program, number):
        """To the process that the others descend from; they have to notice by themselves."""
        os.kill(min(self.processes(program)), number)

    def kill(self, program):
        self.signal(program, signal.SIGKILL)

    def resume(self, name, program):
        """nsenter stops with what it runs, and has to be woken too."""
        self.signal(program, signal.SIGCONT)
        self.daemons[name].send_signal(signal.SIGCONT)

    def ended(self, name):
        """Waits until a daemon that was killed is gone."""
        self.daemons[name].wait(10)

    def power_off(self):
        """The links first, for a host without power sends no farewell; then every process at once."""
        for place in range(len(self.links)):
            command("ip", "link", "delete", self.port(place))
        os.kill(self.init, signal.SIGKILL)
        self.outside.wait(10)
        for daemon in self.daemons.values():
            daemon.wait(10)
        self.init, self.daemons = None, {}

    def path(self, absolute):
        return self.root / absolute.lstrip("/")

    def write(self, path, text, mode=0o644, owner="root", group="root"):
        place = self.path(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
        place.chmod(mode)
        # A host's users are this machine's.
        shutil.chown(place, owner, group)

    def edit(self, path, change):
        """Changes a file as an operator's slip would, and returns what it was."""
        before = self.path(path).read_text()
        after = change(before)
        if before == after:
            raise Broken(f"{path} on {self.name} has nothing that this sabotage could change")
        self.path(path).write_text(after)
        return before

    def copy(self, name):
        """Puts a program of the laboratory on this host."""
        self.run("mkdir", "-p", "/usr/local/lib/laboratory")
        shutil.copy(HERE / name, self.path(f"/usr/local/lib/laboratory/{name}"))
        return f"/usr/local/lib/laboratory/{name}"
