"""Asks MAAS through an address again and again, each time anew, until standard input says something. One line for each answer: when it was asked,
when it was answered, `ok` or `-`. usage: prober.py URL"""
import select
import sys
import time
import urllib.request

while not select.select([sys.stdin], [], [], 0.02)[0]:
    asked, word = time.time(), "-"
    try:
        with urllib.request.urlopen(sys.argv[1], timeout=0.3) as answer:
            word = "ok" if answer.status == 200 else "-"
    except OSError:
        pass
    print(asked, time.time(), word, flush=True)
