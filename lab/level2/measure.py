"""Probers and writers in the background, and what they saw."""
import subprocess

from bundle import secret


class Watch:
    """A prober or writer on a host, from now until `finish`."""

    def __init__(self, host, program, *words):
        self.path = host.directory / f"{program}.out"
        self.output = open(self.path, "w", encoding="ascii")
        self.process = subprocess.Popen(
            host.enter(["/usr/bin/python3", "-I", host.copy(program), *words]), stdin=subprocess.PIPE, stdout=self.output)

    def lines(self):
        text = self.path.read_text(encoding="ascii")
        return [line.split() for line in text[:text.rfind("\n") + 1].splitlines()]

    def finish(self):
        self.process.stdin.close()
        self.process.wait(30)
        self.output.close()
        return self.lines()


class Prober(Watch):
    def __init__(self, site):
        super().__init__(site.client, "probe.py", site.bundle.virtual_address, 80)

    def answers(self):
        """(asked, answered, region or "-") for each question."""
        return [(float(asked), float(answered), region) for asked, answered, region in self.lines()]

    def is_steady(self, count=25):
        last = [region for _, _, region in self.answers()[-count:]]
        return len(last) == count and "-" not in last

    def outage(self):
        """From the first question that failed to the end of the last one that did."""
        self.finish()
        failed = [(asked, answered) for asked, answered, region in self.answers() if region == "-"]
        return failed[-1][1] - failed[0][0] if failed else 0.0


class Writer(Watch):
    def __init__(self, site, host):
        database = site.bundle.topology["postgresql"]["database"]
        name, user = database.get("name", "maasdb"), database.get("user", "maas")
        super().__init__(host, "writer.py", site.bundle.virtual_address, name, user, secret(database["password"]))

    def rows(self):
        """(when, number, member) for each row that was acknowledged."""
        return [(float(when), int(number), member) for when, number, member in self.lines() if number != "-"]

    def is_steady(self, count=10, since=0):
        """Whether the last rows, all of them after a moment, were acknowledged."""
        last = self.lines()[-count:]
        return len(last) == count and all(number != "-" and float(when) > since for when, number, _ in last)

    def longest_gap(self):
        times = [when for when, _, _ in self.rows()]
        return max((later - earlier for earlier, later in zip(times, times[1:])), default=0.0)

    def took(self, member, since):
        """Whether this member acknowledged rows after a moment."""
        return any(when > since and name == member for when, _, name in self.rows())
