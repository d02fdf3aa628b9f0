"""Asks the API every 20 ms, each time on a new connection, until standard input ends; prints one line for each answer: when asked, when
answered, and the region, or `-` for a failure. usage: probe.py ADDRESS PORT
"""
import http.client
import json
import select
import sys
import time

address, port = sys.argv[1], int(sys.argv[2])


def ask():
    connection = http.client.HTTPConnection(address, port, timeout=0.3)
    try:
        connection.request("GET", "/MAAS/api/2.0/version/")
        answer = connection.getresponse()
        body = answer.read()
        return json.loads(body)["region"] if answer.status == 200 else "-"
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        return "-"
    finally:
        connection.close()


while not select.select([sys.stdin], [], [], 0.02)[0]:
    asked = time.monotonic()
    region = ask()
    print(asked, time.monotonic(), region, flush=True)
