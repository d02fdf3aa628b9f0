"""The rack: a connection to every process of every region, and dhcpd as the regions want it."""
import hashlib
import hmac
import json
import socket
import sys
import time
import urllib.request

import dhcp
import host
import interfaces
import ports


class Rack:
    def __init__(self):
        self.name, self.values = host.hostname(), host.read_conf(host.RACKD)
        self.connections, self.reported = {}, False
        self.servers = {version: dhcp.Server(version) for version in dhcp.VERSIONS}

    def start(self):
        if not host.read_text(host.IDENTITY) and not self.processes():
            host.refuse("maas-simulator: no region serves racks yet, so this rack, which none knows, would wait in vain", 70)
        for port in (5248, 5249):
            ports.listen(port)
        ports.tftp(self.values.get("tftp_port", 69))
        ports.background(self.run)

    def run(self):
        while True:
            try:
                self.turn()
            except (OSError, ValueError, KeyError) as error:
                print(f"rackd: {error}", file=sys.stderr, flush=True)
            time.sleep(3)

    def turn(self):
        processes = self.processes()
        for name in [name for name in self.connections if name not in processes]:
            self.connections.pop(name).close()
        for name, endpoints in processes.items():
            try:
                if name not in self.connections:
                    self.connections[name] = Connection(endpoints)
                answer = self.connections[name].ask(self.message())
            except (OSError, ValueError) as error:
                print(f"rackd: {name}: {error}", file=sys.stderr, flush=True)
                if name in self.connections:
                    self.connections.pop(name).close()
                continue
            if "error" in answer:
                print(f"rackd: {name}: {answer['error']}", file=sys.stderr, flush=True)
                self.reported = False
                continue
            self.reported = True
            host.write(host.IDENTITY, answer["system_id"])
            for version, server in self.servers.items():
                server.serve(*answer["dhcp"][str(version)])

    def processes(self):
        """From the region that knows the most."""
        urls = self.values.get("maas_url", "http://localhost:5240/MAAS")
        best = {}
        for url in [urls] if isinstance(urls, str) else urls:
            try:
                with urllib.request.urlopen(url.rstrip("/") + "/rpc/", timeout=5, context=insecure() if url.startswith("https") else None) as answer:
                    known = json.load(answer)["eventloops"]
            except (OSError, ValueError) as error:
                print(f"rackd: {url}: {error}", file=sys.stderr, flush=True)
                continue
            best = known if len(known) > len(best) else best
        return best

    def message(self):
        message = {"hostname": self.name, "services": self.services()}
        if not self.reported:
            message["interfaces"] = interfaces.local()
        return message

    def services(self):
        return {**{server.name: server.state() for server in self.servers.values()}, "http": "running", "tftp": "running", "dns_rack": "running", "ntp_rack": "running",
                "proxy_rack": "running", "syslog_rack": "running"}


def insecure():
    import ssl
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Connection:
    def __init__(self, endpoints):
        failure = OSError("no endpoint")
        for address, port in endpoints:
            try:
                self.socket = socket.create_connection((address, port), timeout=5)
                break
            except OSError as error:
                failure = error
        else:
            raise failure
        self.socket.settimeout(20)
        self.file = self.socket.makefile("rwb")
        challenge = json.loads(self.file.readline() or b"{}").get("challenge", "")
        secret = host.read_text(host.SECRET).strip()
        self.digest = hmac.new(secret.encode(), challenge.encode(), hashlib.sha256).hexdigest()

    def ask(self, message):
        self.file.write(json.dumps({**message, "digest": self.digest}).encode() + b"\n")
        self.file.flush()
        line = self.file.readline()
        if not line:
            raise OSError("the region closed the connection")
        return json.loads(line)

    def close(self):
        self.socket.close()
