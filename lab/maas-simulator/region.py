"""The region: HTTP on 5240, RPC for racks from 5250 on, and its entries in the database."""
import hashlib
import hmac
import http.server
import json
import os
import secrets
import socketserver
import ssl
import sys
import time
import traceback
import urllib.parse

import psycopg2

import api
import database
import host
import interfaces
import ports
import vault
from networks import Networks, Refused
from pool import Pool, wanted

STALE = "now() - interval '60 seconds'"


class Region:
    def __init__(self):
        self.values, self.name, self.version = vault.with_credentials(host.read_conf(host.REGIOND)), host.hostname(), host.version()
        self.workers = self.values.get("num_workers", 4)
        with database.transaction(self.values) as cursor:
            if not database.is_migrated(cursor):
                host.refuse("django.db.utils.ProgrammingError: relation \"maasserver_node\" does not exist; the database is not migrated")
        self.pool = Pool(self.values, wanted(self.version, self.workers), self.workers)
        self.tls, self.began = None, time.time()
        self.processes = [f"{self.name}:pid={os.getpid() + number}" for number in range(self.workers)]

    def start(self):
        with database.alone(self.values), self.pool.transaction() as cursor:
            self.enter(cursor)
        for number in range(self.workers):
            ports.listen(5250 + number, rpc_handler(self, number))
        ports.listen(5239)
        ports.background(Web(("::", 5240), web_handler(self, False)).serve_forever)
        ports.background(self.beat)

    def enter(self, cursor):
        document = database.networks(cursor)
        networks = Networks(document, [])
        node = interfaces.register(cursor, networks, database.rows, self.name, 3, interfaces.local())
        database.save_networks(cursor, document)
        host.write(host.IDENTITY, node["system_id"])
        # The last region to start wins.
        database.set_setting(cursor, "maas_url", self.values.get("maas_url", "http://localhost:5240/MAAS"))
        if vault.client(self.values):
            cursor.execute("UPDATE maasserver_node SET vault_configured = true WHERE id = %s", (node["id"],))
        self.keep_credentials(cursor)
        if not database.secret(cursor, "global/rpc-shared", self.values):
            database.set_secret(cursor, "global/rpc-shared", secrets.token_hex(16), self.values)
        self.secret = database.secret(cursor, "global/rpc-shared", self.values)
        # The database's secret wins, and the file is written anew.
        if host.read_text(host.SECRET).strip() != self.secret:
            host.write(host.SECRET, self.secret)
        cursor.execute("DELETE FROM maasserver_regioncontrollerprocess WHERE hostname = %s", (self.name,))
        self.say_alive(cursor)

    def keep_credentials(self, cursor):
        """With Vault in charge, those of the database leave regiond.conf (MAAS source, src/maasserver/start_up.py)."""
        stored = host.read_conf(host.REGIOND)
        if not stored.get("database_pass") or not database.setting(cursor, "vault_enabled"):
            return
        vault.client(self.values).set(vault.database_name(), {key: stored[f"database_{key}"] for key in ("name", "user", "pass")})
        host.write_conf(host.REGIOND, {"database_name": "", "database_user": "", "database_pass": ""})

    def say_alive(self, cursor):
        known = interfaces.addresses()
        for number, process in enumerate(self.processes):
            endpoints = json.dumps([[address, 5250 + number] for address in known])
            cursor.execute("""INSERT INTO maasserver_regioncontrollerprocess VALUES (%s, %s, %s, now())
                ON CONFLICT (name) DO UPDATE SET endpoints = excluded.endpoints, seen = now()""", (process, self.name, endpoints))
        cursor.execute(f"DELETE FROM maasserver_regioncontrollerprocess WHERE seen < {STALE}")

    def beat(self):
        while True:
            try:
                with self.pool.transaction() as cursor:
                    if database.setting(cursor, "restart_asked", 0) > self.began:
                        self.end(cursor)
                    self.say_alive(cursor)
                    self.sync_images(cursor)
                    self.switch_tls(database.secret(cursor, "global/tls", self.values))
            except (psycopg2.Error, OSError):
                traceback.print_exc()
            time.sleep(3)

    def end(self, cursor):
        """Who started this program starts it again."""
        cursor.execute("DELETE FROM maasserver_regioncontrollerprocess WHERE hostname = %s", (self.name,))
        cursor.connection.commit()
        os._exit(0)

    def sync_images(self, cursor):
        """Each region fetches what another imported, in its own time."""
        document = database.networks(cursor)
        for image in document["images"]:
            if self.name not in image["regions"] and time.time() > image["imported"] + 2:
                host.write(f"{host.IMAGES}/{image['name'].replace('/', '-')}", "an image\n", 0o644)
                image["regions"].append(self.name)
                database.save_networks(cursor, document)

    def switch_tls(self, wanted_tls):
        if self.tls and not wanted_tls:
            self.web.shutdown()
            self.web.server_close()
            self.tls = None
        if wanted_tls and not self.tls:
            context = tls_context(wanted_tls["key"], wanted_tls["certificate"])
            server = Web(("::", wanted_tls["port"]), web_handler(self, True))
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
            ports.background(server.serve_forever)
            self.tls, self.web = wanted_tls, server

    # HTTP.

    def processes_alive(self):
        with self.pool.request() as cursor:
            rows = database.rows(cursor, f"SELECT * FROM maasserver_regioncontrollerprocess WHERE seen > {STALE} ORDER BY name")
            return {"eventloops": {row["name"]: row["endpoints"] for row in rows}}

    def answer(self, key, body):
        with self.pool.request() as cursor:
            cursor.execute("SELECT 1 FROM auth_user WHERE keys ? %s", (key,))
            if not cursor.fetchone():
                return 401, "Authorization Error: 'Invalid API key.'"
            try:
                return 200, json.dumps(api.call(cursor, body["handler"], body["action"], body["words"], body["data"]))
            except Refused as reason:
                cursor.connection.rollback()
                return 400, str(reason)

    # RPC.

    def hear(self, process, message):
        """A message of a rack that has proved that it knows the secret."""
        with self.pool.transaction() as cursor:
            document = database.networks(cursor)
            known = api.racks(cursor)
            networks = Networks(document, known)
            if "interfaces" in message:
                interfaces.register(cursor, networks, database.rows, message["hostname"], 2, message["interfaces"])
                database.save_networks(cursor, document)
                known = api.racks(cursor)
            rack = [one for one in known if one["hostname"] == message["hostname"]]
            if not rack:
                return {"error": "not registered"}
            rack = rack[0]
            cursor.execute("""INSERT INTO maasserver_regionrackrpcconnection VALUES (%s, %s, now())
                ON CONFLICT (rack, process) DO UPDATE SET seen = now()""", (rack["system_id"], process))
            cursor.execute("UPDATE maasserver_node SET services = %s, seen = now() WHERE id = %s", (json.dumps(message["services"]), rack["id"]))
            return {"system_id": rack["system_id"],
                    "dhcp": {version: interfaces.dhcpd_conf(rack, known, networks, version) for version in (4, 6)}}


def tls_context(key, certificate):
    """Of a pair, which never becomes a file on a disk."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with os.fdopen(os.memfd_create("pair"), "w") as file:
        file.write(certificate + "\n" + key)
        file.flush()
        context.load_cert_chain(f"/proc/self/fd/{file.fileno()}")
    return context


class Web(ports.Listener):
    pass


def web_handler(region, secure):
    class Handler(http.server.BaseHTTPRequestHandler):
        timeout = 60

        def reply(self, code, text, kind="application/json", **headers):
            body = text.encode()
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-MAAS-Region", region.name)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def respond(self, work):
            try:
                work()
            except (psycopg2.Error, OSError, TimeoutError) as error:
                print(f"500 {self.path}: {error}", file=sys.stderr, flush=True)
                if not isinstance(error, ConnectionError):
                    self.reply(500, "Internal Server Error", "text/plain")

        def moved(self):
            if secure or not region.tls:
                return False
            name = urllib.parse.urlsplit("//" + self.headers.get("Host", region.name)).hostname
            self.reply(301, "", "text/plain", Location=f"https://{name}:{region.tls['port']}{self.path}")
            return True

        def do_GET(self):
            self.respond(self.get)

        do_HEAD = do_GET

        def get(self):
            if self.path.rstrip("/") == "/MAAS/rpc":
                self.reply(200, json.dumps(region.processes_alive()))
            elif self.moved():
                return
            elif self.path.rstrip("/") == "/MAAS/api/2.0/version":
                self.reply(200, json.dumps({"version": ".".join(map(str, region.version)) + ".2", "subversion": "lab", "capabilities": []}))
            else:
                self.reply(404, "Not Found", "text/plain")

        def do_POST(self):
            if self.path != "/MAAS/api/2.0/call/" or self.moved():
                return
            self.respond(lambda: self.reply(*region.answer(self.headers.get("Authorization", ""),
                                                           json.loads(self.rfile.read(int(self.headers["Content-Length"]))))))

        def log_message(self, *words):
            pass
    return Handler


def rpc_handler(region, number):
    class Handler(socketserver.StreamRequestHandler):
        timeout = 30

        def handle(self):
            challenge = secrets.token_hex(16)
            try:
                self.send({"challenge": challenge})
                for line in self.rfile:
                    message = json.loads(line)
                    wanted_digest = hmac.new(region.secret.encode(), challenge.encode(), hashlib.sha256).hexdigest()
                    if not hmac.compare_digest(message.get("digest", ""), wanted_digest):
                        self.send({"error": "the shared secret is another one"})
                        return
                    self.send(region.hear(region.processes[number], message))
            except (OSError, psycopg2.Error, ValueError) as error:
                print(f"rpc: {error}", file=sys.stderr, flush=True)

        def send(self, message):
            self.wfile.write(json.dumps(message).encode() + b"\n")
    return Handler
