"""The `maas` command: what the snap's has for the host itself, and the client of the API."""
import getpass
import hashlib
import json
import os
import secrets
import shutil
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import database
import host
import vault
from region import tls_context

PROFILES = os.path.expanduser("~/.maascli.json")


def options(words, known):
    """Values of `--name value` and `--name=value`; whatever is not known is refused, as argparse does."""
    found, rest = {}, []
    words = list(words)
    while words:
        word = words.pop(0)
        name, equals, value = word.partition("=")
        if not word.startswith("--"):
            rest.append(word)
        elif name not in known:
            host.refuse(f"maas: error: unrecognized arguments: {word}", 2)
        elif known[name] is bool:
            found[name] = True
        else:
            if not equals and not words:
                host.refuse(f"maas: error: argument {name}: expected one argument", 2)
            found[name] = value if equals else words.pop(0)
    return found, rest


def prompt(text):
    """MAAS asks again until it gets an answer, also at the end of input, for ever."""
    while True:
        print(text, end="", flush=True)
        line = sys.stdin.readline()
        if line.strip():
            print()
            return line.strip()
        print("\nValue is required", flush=True)


def init(words):
    host.need_root()
    if not host.SNAP:
        host.refuse("maas: error: argument COMMAND: invalid choice: 'init'", 2)
    if not words or words[0] not in ("region", "rack", "region+rack"):
        host.refuse("maas init: error: the following arguments are required: run_mode", 2)
    role = words[0]
    known = {"--maas-url": str, "--force": bool}
    known |= {"--secret": str} if role == "rack" else {"--database-uri": str}
    given, rest = options(words[1:], known)
    if rest:
        host.refuse(f"maas: error: unrecognized arguments: {' '.join(rest)}", 2)
    if host.snap_mode() != "none":
        if "--force" not in given and prompt("Controller has already been initialized. Are you sure you want to initialize again "
                                             "(type 'yes' or 'no')? ") != "yes":
            return
        begin_anew()
    url = given.get("--maas-url") or prompt("MAAS URL [default=http://localhost:5240/MAAS]: ")
    if role == "rack":
        secret = given.get("--secret") or prompt("Secret: ")
        if not all(letter in "0123456789abcdefABCDEF" for letter in secret) or len(secret) % 2:
            host.refuse("the secret must be hexadecimal")
        need_region(url)
        host.write(host.SECRET, secret)
        host.write_conf(host.RACKD, {"maas_url": url})
    else:
        uri = given.get("--database-uri") or prompt("Database URI (ex. postgres://dbuser:dbpass@localhost/dbname or maas-test-db:///): ")
        host.write_conf(host.REGIOND, {"maas_url": url, **database_of(uri)})
        host.write_conf(host.RACKD, {"maas_url": url})
    host.write(host.MODE, role, 0o644)
    if role != "rack":
        first_schema()
    os.execvp("systemctl", ["systemctl", "enable", "--quiet", "--now", "snap.maas.pebble.service"])


def begin_anew():
    """MAAS stops, and its certificates go; the database is not touched (MAAS source, src/maascli/snap.py)."""
    subprocess.run(["systemctl", "stop", "snap.maas.pebble.service"], check=True)
    shutil.rmtree(host.CURRENT + "/certificates", ignore_errors=True)


def need_region(url):
    """MAAS itself takes any URL, and the rack then waits in silence for a region to come."""
    try:
        with urllib.request.urlopen(url.rstrip("/") + "/rpc/", timeout=5) as answer:
            if not json.load(answer)["eventloops"]:
                raise OSError("it lists no process of a region")
    except (OSError, ValueError, KeyError) as error:
        host.refuse(f"maas-simulator: no region serves racks at {url} yet, so this one would wait in vain: {error}", 70)


def database_of(uri):
    if not uri.startswith("postgres://"):
        host.refuse(f"Database URI needs to be either 'maas-test-db:///' or start with 'postgres://': {uri.split(':')[0]}")
    parts = urllib.parse.urlsplit(uri)
    if parts.query:
        host.refuse(f"Unsupported parameters: {parts.query}")
    if not parts.username:
        host.refuse("No user found in URI")
    return {"database_host": parts.hostname or "localhost", "database_port": parts.port or 5432,
            "database_name": parts.path.lstrip("/") or parts.username, "database_user": parts.username,
            "database_pass": urllib.parse.unquote(parts.password or "")}


def first_schema():
    values = host.yaml.safe_load(host.read_text(host.REGIOND))
    with database.transaction(values) as cursor:
        empty = not database.has_any_table(cursor)
        if not empty and not database.is_migrated(cursor):
            # MAAS takes any table for a finished schema, and this region then fails on what is missing.
            other = database.migrating_host(cursor)
            if other != host.hostname():
                host.refuse(f"maas-simulator: {other or 'another program'} has not finished the database's schema: one region after the other", 70)
            print("The database has tables, so it is not migrated.")
    if empty:
        database.migrate(values)


def migrate(words):
    host.need_root()
    if words or not host.SNAP or host.snap_mode() not in ("region", "region+rack"):
        host.refuse(f"maas migrate: not here: {words}", 2)
    database.migrate(host.read_conf(host.REGIOND))


def region_values():
    host.need_root()
    if not os.path.exists(host.REGIOND):
        host.refuse("This is no region.")
    values = host.read_conf(host.REGIOND)
    with database.transaction(values) as cursor:
        if not database.is_migrated(cursor):
            host.refuse("django.db.utils.ProgrammingError: relation \"auth_user\" does not exist")
    return values


def createadmin(words):
    given, rest = options(words, {"--username": str, "--email": str, "--password": str})
    if rest or "--username" not in given or "--email" not in given:
        host.refuse("maas createadmin: the simulator wants --username and --email", 2)
    values = region_values()
    password = given.get("--password") or getpass.getpass("Password: ")
    if "--password" not in given:
        if getpass.getpass("Again: ") != password:
            host.refuse("Passwords did not match")
        # The keys' prompt follows; an empty line declines.
        print("Import SSH keys [] (lp:user-id or gh:user-id): ", end="", flush=True)
        if sys.stdin.readline() == "":
            host.refuse("EOFError: EOF when reading a line")
    with database.transaction(values) as cursor:
        cursor.execute("SELECT 1 FROM auth_user WHERE username = %s", (given["--username"],))
        if cursor.fetchone():
            host.refuse(f"User already exists: {given['--username']}")
        salt = secrets.token_hex(8)
        stored = "pbkdf2$" + salt + "$" + hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), 1000).hex()
        cursor.execute("INSERT INTO auth_user VALUES (%s, %s, %s, %s)",
                       (given["--username"], given["--email"], stored, json.dumps([new_key()])))


def new_key():
    return ":".join(secrets.token_urlsafe(12) for _ in range(3))


def apikey(words):
    given, rest = options(words, {"--username": str, "--generate": bool})
    if rest or "--username" not in given:
        host.refuse("maas apikey: the following arguments are required: --username", 2)
    with database.transaction(region_values()) as cursor:
        cursor.execute("SELECT keys FROM auth_user WHERE username = %s", (given["--username"],))
        row = cursor.fetchone()
        if not row:
            host.refuse("User does not exist.")
        keys = row[0]
        if "--generate" in given:
            keys.append(new_key())
            cursor.execute("UPDATE auth_user SET keys = %s WHERE username = %s", (json.dumps(keys), given["--username"]))
            keys = keys[-1:]
    print("\n".join(keys))


def config_tls(words):
    values = region_values()
    if words == ["disable"]:
        with database.transaction(values) as cursor:
            database.set_secret(cursor, "global/tls", None, values)
        return
    if words[:1] != ["enable"]:
        host.unknown(f"maas config-tls {words}")
    given, rest = options(["--port" if word == "-p" else word for word in words[1:]], {"--port": str, "--yes": bool, "--cacert": str})
    if len(rest) != 2:
        host.refuse("maas config-tls enable: error: the following arguments are required: key, cert", 2)
    if "--yes" not in given and prompt("Once TLS is enabled, the MAAS UI and API won't be accessible over HTTP anymore, proceed? (y/n): ") != "y":
        return
    key, certificate = (file_of(word, sys.stdin) for word in rest)
    try:
        tls_context(key, certificate)
    except ssl.SSLError as error:
        host.refuse(f"CommandError: invalid certificate or key: {error.reason}")
    with database.transaction(values) as cursor:
        database.set_secret(cursor, "global/tls", {"key": key, "certificate": certificate, "port": int(given.get("--port", 5443))}, values)


def file_of(word, stdin):
    if word == "-":
        return stdin.read()
    if host.SNAP and not word.startswith(("/var/snap/maas/", "/root/snap/maas/")):
        host.refuse(f"error: can't open '{word}': [Errno 13] Permission denied: a confined snap cannot read that", 2)
    return host.read_text(word) or host.refuse(f"error: can't open '{word}'", 2)


def config_vault(words):
    """MAAS source, src/maasserver/management/commands/config_vault.py."""
    values = region_values()
    match words[:1]:
        case ["configure"]:
            configure_vault(values, words[1:])
        case ["migrate"] if len(words) == 1:
            with database.alone(values):
                migrate_to_vault(values)
        case ["status"] if len(words) == 1:
            with database.transaction(values) as cursor:
                enabled = database.setting(cursor, "vault_enabled", False)
                report = {"status": "enabled"} if enabled else {"status": "disabled", "unconfigured_regions": without_vault(cursor)}
            print(host.yaml.safe_dump(report))
        case _:
            host.refuse("maas config-vault: error: argument command: invalid choice", 2)


def configure_vault(values, words):
    given, rest = options(words, {"--mount": str, "--yes": bool})
    if len(rest) != 4:
        host.refuse("maas config-vault configure: error: the following arguments are required: url, role_id, wrapped_token, secrets_path", 2)
    if vault.client(values) and "--yes" not in given:
        prompt("This region already has Vault configured. Overwrite the existing vault configuration? (y/n): ")
    url, role_id, token, path = rest
    try:
        told = {"vault_url": url, "vault_approle_id": role_id, "vault_secret_id": vault.unwrap(url, token), "vault_secrets_path": path.strip("/"),
                "vault_secrets_mount": given.get("--mount", "secret").strip("/")}
        vault.Client(told).set("test", {"value": "maas"})
    except OSError as error:
        host.refuse(f"CommandError: {error}")
    host.write_conf(host.REGIOND, told)
    with database.transaction(values) as cursor:
        cursor.execute("UPDATE maasserver_node SET vault_configured = true WHERE hostname = %s", (host.hostname(),))
    print("Vault successfully configured for the region!")


def without_vault(cursor):
    cursor.execute("SELECT hostname FROM maasserver_node WHERE node_type IN (3, 4) AND NOT vault_configured ORDER BY hostname")
    return [row[0] for row in cursor.fetchall()]


def migrate_to_vault(values):
    with database.transaction(values) as cursor:
        if database.setting(cursor, "vault_enabled"):
            host.refuse("CommandError: Secrets are already migrated to Vault.")
        if not vault.client(values):
            host.refuse("CommandError: Vault is not configured for the current region.")
        if without_vault(cursor):
            host.refuse(f"CommandError: Vault is not configured for regions: {', '.join(without_vault(cursor))}")
        database.set_setting(cursor, "restart_asked", time.time())
    # Regions that start wait until this is over.
    for _ in range(10):
        time.sleep(2)
        with database.transaction(values) as cursor:
            cursor.execute("SELECT DISTINCT hostname FROM maasserver_regioncontrollerprocess")
            active = [row[0] for row in cursor.fetchall()]
        if not active:
            break
        print(f" - Regions are still active: {', '.join(active)}")
    else:
        host.refuse("CommandError: Unable to migrate as one or more regions didn't restart when politely asked.")
    client = vault.client(values)
    with database.transaction(values) as cursor:
        for row in database.rows(cursor, "DELETE FROM maasserver_secret RETURNING path, value"):
            client.set(row["path"], {"value": row["value"]})
        database.set_setting(cursor, "vault_enabled", True)
    print("Successfully migrated cluster secrets to Vault")


# The client of the API.


def load_profiles():
    return json.loads(host.read_text(PROFILES) or "{}")


def save_profiles(profiles):
    with open(os.open(PROFILES, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(profiles, file)


def login(words):
    insecure = "-k" in words
    words = [word for word in words if word != "-k"]
    if len(words) != 3:
        host.refuse(f"maas login: the simulator wants PROFILE URL KEY, not {len(words)} words", 2)
    profile, url, key = words
    if key == "-":
        key = sys.stdin.readline().strip()
    if key.count(":") != 2:
        host.refuse("Malformed credentials")
    request(url, key, "version", "read", [], {}, insecure)
    save_profiles({**load_profiles(), profile: {"url": url, "key": key}})
    print(f"\nYou are now logged in to the MAAS server at {url} with the profile name '{profile}'.")


def logout(words):
    profiles = load_profiles()
    if len(words) != 1 or words[0] not in profiles:
        host.refuse(f"maas logout: {words} is not an active session.", 2)
    del profiles[words[0]]
    save_profiles(profiles)


def request(url, key, handler, action, words, data, insecure):
    body = json.dumps({"handler": handler, "action": action, "words": words, "data": data}).encode()
    context = ssl.create_default_context()
    if insecure:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    target = url.rstrip("/").removesuffix("/api/2.0") + "/api/2.0/call/"
    asked = urllib.request.Request(target, body, {"Authorization": key, "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(asked, timeout=60, context=context if url.startswith("https") else None) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        print(error.read().decode())
        sys.exit(2)
    except OSError as error:
        host.refuse(f"Unable to connect to {url}: {error}")


def call(words):
    profiles = load_profiles()
    if words[0] not in profiles:
        host.unknown("maas " + " ".join(words[:3]))
    profile = profiles[words[0]]
    if len(words) < 3:
        host.refuse("usage: maas PROFILE HANDLER ACTION", 2)
    given = [word for word in words[3:] if word != "-k"]
    if any(word.startswith("-") for word in given):
        host.unknown(f"an option in maas {' '.join(words[1:])}")
    data = dict(word.split("=", 1) for word in given if "=" in word)
    print(request(profile["url"], profile["key"], words[1], words[2], [word for word in given if "=" not in word], data, "-k" in words[3:]))


def main(words):
    commands = {"init": init, "migrate": migrate, "createadmin": createadmin, "apikey": apikey, "config-tls": config_tls,
                "config-vault": config_vault, "login": login, "logout": logout}
    if not words:
        host.refuse("usage: maas [-h] COMMAND ...", 2)
    if words[0] in commands:
        commands[words[0]](words[1:])
    else:
        call(words)
