"""Opens so many connections as MAAS' database user, all at once; prints how many it got. usage: connections.py ADDRESS DATABASE USER PASSWORD N"""
import sys

import psycopg2

address, database, user, password, wanted = sys.argv[1:]
held = []
try:
    for _ in range(int(wanted)):
        held.append(psycopg2.connect(host=address, dbname=database, user=user, password=password, connect_timeout=5))
except psycopg2.Error as error:
    print(str(error).strip(), file=sys.stderr)
print(len(held))
