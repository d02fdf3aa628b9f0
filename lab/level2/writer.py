"""Inserts a row every 20 ms, as MAAS' database user, over one connection that is made anew when it fails, until standard input ends. Prints
one line for each row that was acknowledged: when, its number, and the address of the member that took it. usage: writer.py ADDRESS DATABASE USER PASSWORD
"""
import itertools
import select
import sys
import time

import psycopg2

address, database, user, password = sys.argv[1:]


def connect():
    connection = psycopg2.connect(host=address, dbname=database, user=user, password=password, connect_timeout=2)
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute("select host(inet_server_addr())")
    return cursor, cursor.fetchone()[0]


cursor, start = None, int(time.monotonic() * 1000) * 1000
for number in itertools.count(start):
    if select.select([sys.stdin], [], [], 0.02)[0]:
        break
    try:
        if cursor is None:
            cursor, member = connect()
        cursor.execute("insert into laboratory values (%s, %s)", (number, member))
        print(time.monotonic(), number, member, flush=True)
    except psycopg2.Error as error:
        print(time.monotonic(), "-", type(error).__name__, flush=True)
        cursor = None
