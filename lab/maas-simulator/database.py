"""MAAS' database: its tables, migrated in steps as Django does, and the one document that holds networks."""
import contextlib
import json
import time

import psycopg2
import psycopg2.extras

import host
import vault

MIGRATIONS = [
    ("0001", "CREATE TABLE maasserver_config (name text PRIMARY KEY, value jsonb)"),
    ("0002", """CREATE TABLE maasserver_node (id serial PRIMARY KEY, system_id text UNIQUE, hostname text UNIQUE, node_type int,
                interfaces jsonb DEFAULT '[]', services jsonb DEFAULT '{}', seen timestamptz)"""),
    ("0003", "CREATE TABLE maasserver_regioncontrollerprocess (name text PRIMARY KEY, hostname text, endpoints jsonb, seen timestamptz)"),
    ("0004", "CREATE TABLE maasserver_regionrackrpcconnection (rack text, process text, seen timestamptz, PRIMARY KEY (rack, process))"),
    ("0005", "CREATE TABLE auth_user (username text PRIMARY KEY, email text, password text, keys jsonb DEFAULT '[]')"),
    ("0006", "CREATE TABLE maasserver_networks (id int PRIMARY KEY DEFAULT 1 CHECK (id = 1), document jsonb)"),
    ("0007", """INSERT INTO maasserver_networks (document) VALUES ('{"fabrics": [], "vlans": [], "subnets": [], "ranges": [],
                "spaces": [], "images": [], "imported": 0}')"""),
    ("0008", "CREATE EXTENSION IF NOT EXISTS pgcrypto"),
    ("0009", "CREATE EXTENSION IF NOT EXISTS btree_gin"),
    ("0010", "CREATE TABLE maasserver_secret (path text PRIMARY KEY, value jsonb)"),
    ("0011", "ALTER TABLE maasserver_node ADD vault_configured boolean NOT NULL DEFAULT false"),
]


# Held by whoever starts a region or moves secrets: one at a time.
STARTUP = 4711


def connect(values, name="maas-simulator"):
    values = vault.with_credentials(values)
    for key in ("database_host", "database_name", "database_user", "database_pass"):
        if not values.get(key):
            host.refuse(f"{host.REGIOND} lacks {key}")
    # Regions speak through one endpoint; Temporal has no TLS.
    return psycopg2.connect(host=values["database_host"], port=values.get("database_port", 5432), dbname=values["database_name"],
                            user=values["database_user"], password=values["database_pass"], application_name=name, connect_timeout=10,
                            keepalives_idle=15, keepalives_interval=15, keepalives_count=2, tcp_user_timeout=30000)


@contextlib.contextmanager
def transaction(values):
    connection = connect(values)
    try:
        with connection, connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def has_any_table(cursor):
    """How `maas init` tells whether it must migrate: any table will do, also those of a migration that was killed."""
    cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    return cursor.fetchone()[0] > 0


def applied(cursor):
    cursor.execute("SELECT to_regclass('public.django_migrations')")
    if cursor.fetchone()[0] is None:
        return []
    cursor.execute("SELECT name FROM django_migrations ORDER BY name")
    return [row[0] for row in cursor.fetchall()]


def is_migrated(cursor):
    return applied(cursor) == [name for name, _ in MIGRATIONS]


def migrate(values):
    with transaction(values) as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS django_migrations (name text PRIMARY KEY)")
        cursor.execute("COMMENT ON TABLE django_migrations IS %s", (host.hostname(),))
        done = applied(cursor)
    for name, statement in MIGRATIONS:
        if name in done:
            continue
        with transaction(values) as cursor:
            cursor.execute(statement)
            cursor.execute("INSERT INTO django_migrations VALUES (%s)", (name,))
        print(f"  Applying maasserver.{name}... OK", flush=True)
        time.sleep(0.2)


def migrating_host(cursor):
    """Who began the migration that is not at its end."""
    cursor.execute("SELECT obj_description(to_regclass('public.django_migrations'))")
    return cursor.fetchone()[0]


@contextlib.contextmanager
def alone(values):
    """While no region starts and nobody moves secrets."""
    connection = connect(values)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", (STARTUP,))
        yield
    finally:
        connection.close()


def secret(cursor, name, values):
    """One of MAAS' own secrets, from where they are."""
    if setting(cursor, "vault_enabled"):
        kept = vault.client(values).get(name)
        return kept and kept["value"]
    cursor.execute("SELECT value FROM maasserver_secret WHERE path = %s", (name,))
    row = cursor.fetchone()
    return row[0] if row else None


def set_secret(cursor, name, value, values):
    if setting(cursor, "vault_enabled"):
        vault.client(values).set(name, {"value": value})
    else:
        cursor.execute("INSERT INTO maasserver_secret VALUES (%s, %s) ON CONFLICT (path) DO UPDATE SET value = excluded.value",
                       (name, json.dumps(value)))


def setting(cursor, name, default=None):
    cursor.execute("SELECT value FROM maasserver_config WHERE name = %s", (name,))
    row = cursor.fetchone()
    return row[0] if row else default


def set_setting(cursor, name, value):
    cursor.execute("INSERT INTO maasserver_config VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                   (name, json.dumps(value)))


def networks(cursor):
    """The document of networks, locked until the transaction ends."""
    cursor.execute("SELECT document FROM maasserver_networks FOR UPDATE")
    return cursor.fetchone()[0]


def save_networks(cursor, document):
    cursor.execute("UPDATE maasserver_networks SET document = %s", (json.dumps(document),))


def rows(cursor, query, *values):
    cursor.execute(query, values)
    names = [column.name for column in cursor.description]
    return [dict(zip(names, row)) for row in cursor.fetchall()]
