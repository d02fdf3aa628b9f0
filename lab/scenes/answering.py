"""Runs a program in a terminal of its own and types what it asks for: `Type WORD to go on: ` gets WORD. usage: answering.py PROGRAM ARGUMENT..."""
import os
import pty
import re
import sys

seen = b""


def read(terminal):
    global seen
    data = os.read(terminal, 4096)
    seen += data
    asked = list(re.finditer(rb"Type ([^\r\n]+) to go on: ", seen))
    if asked:
        os.write(terminal, asked[-1][1] + b"\n")
        seen = seen[asked[-1].end():]
    return data


sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:], read)))
