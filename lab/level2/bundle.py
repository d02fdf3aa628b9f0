"""A compiled bundle and its topology, as the laboratory needs them."""
import json
import pathlib
import re

import yaml

PLACEHOLDER = re.compile(r"@maasc:([A-Za-z0-9._-]+)@")


def secret(name):
    """A dummy: something that no file's quoting has to escape."""
    return f"dummy-{name}"


class Bundle:
    def __init__(self, directory, topology):
        self.directory = pathlib.Path(directory)
        self.topology = yaml.safe_load(pathlib.Path(topology).read_text())
        self.name = self.topology["name"]
        self.files = [entry for entry in json.loads((self.directory / "manifest.json").read_text())["files"] if "installed" in entry]

    @property
    def hosts(self):
        return list(self.topology["hosts"])

    def address(self, host):
        return self.topology["hosts"][host]["address"]

    def networks(self, host):
        """The other networks of a host: name and address."""
        return list(self.topology["hosts"][host].get("addresses", {}).items())

    @property
    def virtual_address(self):
        return self.topology["haproxy"]["vips"][0]["address"].split("/")[0]

    @property
    def balancers(self):
        return self.topology["haproxy"]["hosts"]

    @property
    def members(self):
        return self.topology["postgresql"]["members"]

    @property
    def regions(self):
        return list(self.topology["regions"])

    def installed(self, host):
        """For each file of a host: its place, owner, group, mode and text, secrets filled in."""
        for entry in self.files:
            if entry["host"] == host:
                place = entry["installed"]
                text = PLACEHOLDER.sub(lambda match: secret(match[1]), (self.directory / entry["path"]).read_text())
                yield place["path"], place["owner"], place["group"], int(place["mode"], 8), text

    def secrets(self):
        return {name: secret(name) for name in self.topology["secrets"]}

    def step(self, host, name):
        return (self.directory / "hosts" / host / "steps" / name).read_text()

    def runbook(self, name):
        return self.directory / "runbook" / name
