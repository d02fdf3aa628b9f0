/// `postgresql-role`, the program on every streaming member that tells which role the member has.
///
/// Python, because every Ubuntu server has it and an answer every second must not cost a shell and its children. It needs nothing but
/// its standard library. Values come from a file of its own, so that the program is the same on every host.
enum PostgreSQLRoleTool {
  static let path = "/usr/local/lib/maasc/postgresql-role"
  static let configuration = "/etc/maasc/postgresql-role.conf"
  /// systemd makes this folder anew at each start of the service: what is newer has not been read yet.
  static let startMark = "/run/maasc-postgresql-role"

  static let text = #"""
    """Which role this PostgreSQL member has, and whether it may be served or started.

      serve   answers HAProxy and the other members over HTTP
      state   prints this member's own state
      peers   prints the state of each other member
      serves  succeeds when HAProxy is told that this is the primary
      guard   fails if starting this server now could make a second primary

    A state is four words: running|stopped|none|unknown, primary|standby|-, timeline, system identifier.
    """
    import http.client, http.server, os, pwd, re, socket, subprocess, sys, threading, time

    CONFIG = "/etc/maasc/postgresql-role.conf"
    SILENT = ("silent", "-", 0, "-")
    QUERY = """select case when pg_is_in_recovery() then 'standby' else 'primary' end,
      case when pg_is_in_recovery() then coalesce((select received_tli from pg_stat_wal_receiver), (select timeline_id from pg_control_checkpoint()))
      else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int end,
      (select system_identifier from pg_control_system())"""


    def read_config():
        values, peers = {}, []
        with open(CONFIG, encoding="utf-8") as lines:
            for line in lines:
                key, _, value = line.rstrip("\n").partition(" ")
                if key == "peer":
                    peers.append(tuple(value.split(" ")))
                elif key and not key.startswith("#"):
                    values[key] = value
        return values, peers


    def run(command, seconds):
        environment = {"LC_ALL": "C", "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": "/var/lib/postgresql"}
        try:
            done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds)
        except (OSError, subprocess.TimeoutExpired):
            return None
        return done.stdout if done.returncode == 0 else None


    def psql(values):
        """The program itself: Debian's psql is a Perl script before it, which takes longer than the question."""
        return [os.path.join(values["bin_directory"], "psql"), "-XAtqw", "-F", " "]


    class Member:
        def __init__(self, values):
            self.values, self.data = values, values["data_directory"]

        def state(self):
            return self.asked() or self.on_disk()

        def asked(self):
            """The state in the server's own words, or None where it does not answer."""
            server = ["-h", "/var/run/postgresql", "-p", self.values["server_port"], "-U", "postgres", "-d", "postgres"]
            words = (run([*psql(self.values), *server, "-c", QUERY], 0.8) or "").split()
            return ("running", words[0], int(words[1]), words[2]) if len(words) == 3 else None

        def on_disk(self):
            """The state by the files of a server that is stopped, or that does not answer."""
            if not os.path.exists(os.path.join(self.data, "PG_VERSION")):
                return ("none", "-", 0, "-")
            text = run([os.path.join(self.values["bin_directory"], "pg_controldata"), "-D", self.data], 5) or ""
            system = re.search(r"^Database system identifier: +(\d+)", text, re.M)
            timeline = re.search(r"^Latest checkpoint's TimeLineID: +(\d+)", text, re.M)
            if not system or not timeline:
                return ("unknown", "-", 0, "-")
            server = "unknown" if self.has_process() else "stopped"
            standby = any(os.path.exists(os.path.join(self.data, name)) for name in ("standby.signal", "recovery.signal"))
            if standby:
                return (server, "standby", int(timeline[1]), system[1])
            # A server that was promoted just before it died has written its new timeline's history, but not yet a checkpoint.
            names = os.listdir(os.path.join(self.data, "pg_wal"))
            known = [int(name[:8], 16) for name in names if re.fullmatch(r"[0-9A-F]{8}\.history", name)]
            return (server, "primary", max([int(timeline[1])] + known), system[1])

        def has_process(self):
            try:
                with open(os.path.join(self.data, "postmaster.pid"), encoding="ascii") as file:
                    os.kill(int(file.readline()), 0)
            except PermissionError:
                return True
            except (OSError, ValueError):
                return False
            return True


    class Peer:
        def __init__(self, values, name, address):
            self.values, self.name, self.address = values, name, address
            self.latest, self.at = SILENT, 0.0

        def over_http(self, seconds=0.8):
            try:
                connection = http.client.HTTPConnection(self.address, int(self.values["port"]), timeout=seconds)
                try:
                    connection.request("GET", "/state")
                    words = connection.getresponse().read(200).decode("ascii").split()
                finally:
                    connection.close()
                return (words[0], words[1], int(words[2]), words[3])
            except (OSError, http.client.HTTPException, ValueError, IndexError):
                return SILENT

        def serves(self):
            connection = http.client.HTTPConnection(self.address, int(self.values["port"]), timeout=2)
            try:
                connection.request("GET", "/primary")
                return connection.getresponse().status == 200
            except (OSError, http.client.HTTPException):
                return False
            finally:
                connection.close()

        def over_replication(self):
            """Asks PostgreSQL itself, for the case that only the service beside it is down."""
            if "passfile" not in self.values:
                return SILENT
            target = "host={} port={} user={} passfile={} replication=true connect_timeout=2".format(
                *(quoted(text) for text in (self.address, self.values["server_port"], self.values["user"], self.values["passfile"])))
            words = (run([*psql(self.values), "-d", target, "-c", "IDENTIFY_SYSTEM", "-c", "SHOW transaction_read_only"], 4) or "").split()
            if len(words) < 4:
                return SILENT
            return ("running", "standby" if words[-1] == "on" else "primary", int(words[1]), words[0])

        def state(self, seconds):
            """Asks until there is an answer that says something, for so many seconds."""
            deadline = time.monotonic() + seconds
            while True:
                found = self.over_http()
                if found == SILENT:
                    found = self.over_replication()
                if found[0] not in ("silent", "unknown") or time.monotonic() > deadline:
                    return found
                time.sleep(0.5)

        def watch(self):
            while True:
                found = self.over_http()
                # One slow answer must not make an old primary look like the only one; silence counts when it lasts.
                if found != SILENT:
                    self.latest, self.at = found, time.monotonic()
                time.sleep(1)

        def recent(self):
            return self.latest if time.monotonic() - self.at < 4 else SILENT


    def quoted(text):
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


    def outranked(own, peers):
        """The peer that is, or was when it stopped, the primary of a later timeline."""
        return next((name for name, state in peers if state[1] == "primary" and state[2] > own[2]), None)


    class Service(http.server.ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def __init__(self, values, peers):
            self.member, self.peers = Member(values), [Peer(values, *peer) for peer in peers]
            self.lock, self.known, self.known_at = threading.Lock(), SILENT, 0.0
            self.address_family = socket.AF_INET6 if ":" in values["listen"] else socket.AF_INET
            for peer in self.peers:
                peer.latest, peer.at = peer.over_http(), time.monotonic()
                threading.Thread(target=peer.watch, daemon=True).start()
            super().__init__((values["listen"], int(values["port"])), Handler)

        def state(self):
            """At most one question at a time, so that a full server is not filled further by checks."""
            with self.lock:
                if time.monotonic() - self.known_at > 0.3:
                    self.known, self.known_at = self.member.state(), time.monotonic()
                return self.known

        def verdict(self):
            own = self.state()
            if own[:2] != ("running", "primary"):
                return 503, "not the primary: " + words(own)
            later = outranked(own, [(peer.name, peer.recent()) for peer in self.peers])
            if later:
                return 503, later + " is the primary of a later timeline"
            return 200, words(own)


    class Handler(http.server.BaseHTTPRequestHandler):
        timeout = 3

        def do_GET(self):
            if self.path == "/primary":
                code, text = self.server.verdict()
            elif self.path == "/state":
                code, text = 200, words(self.server.state())
            else:
                code, text = 404, "ask for /primary or /state"
            body = (text + "\n").encode("ascii")
            self.send_response(code)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_OPTIONS = do_GET

        def log_message(self, *_):
            pass


    def words(state):
        return " ".join(str(word) for word in state)


    def guard(values, peers):
        own = Member(values).on_disk()
        if own[1] != "primary":
            return
        states = [(name, Peer(values, name, address).state(patience())) for name, address in peers]
        for name, state in states:
            if state[:2] == ("running", "primary") or state[:2] == ("unknown", "primary"):
                sys.exit(f"not started: {name} is the primary, and this server would be a second one; "
                         f"bring it back as a standby with runbook/failover-postgresql.sh rejoin {values['member']}")
            if state[0] == "silent":
                print(f"{name} does not answer; going on without it", flush=True)
        later = outranked(own, states)
        if later:
            sys.exit(f"not started: {later} holds a later timeline; start that server first")


    def patience():
        """Right after a boot the network and the peers may need a while; later a silent peer is one that is down."""
        with open("/proc/uptime", encoding="ascii") as file:
            return 15 if float(file.read().split()[0]) < 300 else 3


    def become_postgres():
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.initgroups("postgres", account.pw_gid)
            os.setgid(account.pw_gid)
            os.setuid(account.pw_uid)


    def main():
        command = sys.argv[1] if len(sys.argv) == 2 else ""
        if command not in ("serve", "state", "peers", "serves", "guard"):
            sys.exit(__doc__)
        become_postgres()
        values, peers = read_config()
        if command == "serve":
            Service(values, peers).serve_forever()
        elif command == "state":
            print(words(Member(values).state()))
        elif command == "serves":
            sys.exit(not Peer(values, values["member"], values["listen"]).serves())
        elif command == "peers":
            for name, address in peers:
                print(name, address, words(Peer(values, name, address).state(5)))
        else:
            guard(values, peers)


    main()
    """#
}
