"""Asks the network: network-probe.py foreign|offer ADDRESS=OURS,... | name SERVER NAME

foreign  fails when a DHCP server answers, on the interface that has ADDRESS, that is not among OURS
offer    fails when none of OURS answers there
name     fails when the name server does not answer, or cannot
"""
import json
import os
import select
import socket
import struct
import subprocess
import sys
import time

IPV4 = 0x0800
WAIT = 6.0


def interface(address):
    """Name and hardware address of the interface that has an address."""
    shown = subprocess.check_output(["ip", "-json", "-4", "address", "show", "to", address])
    names = [entry["ifname"] for entry in json.loads(shown) if entry]
    if not names:
        sys.exit(f"no interface of this host has the address {address}")
    link = json.loads(subprocess.check_output(["ip", "-json", "link", "show", "dev", names[0]]))[0]
    return names[0], bytes.fromhex(link["address"].replace(":", ""))


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def discover(mac, transaction):
    # Broadcast flag set: this host has no use for a unicast answer.
    head = struct.pack("!BBBB4sHH16x16s192x", 1, 1, len(mac), 0, transaction, 0, 0x8000, mac)
    message = head + bytes.fromhex("63825363") + bytes([53, 1, 1, 255]) + bytes(60)
    datagram = struct.pack("!HHHH", 68, 67, 8 + len(message), 0) + message
    fields = [0x45, 0, 20 + len(datagram), 0, 0, 64, 17, 0, bytes(4), b"\xff" * 4]
    fields[7] = checksum(struct.pack("!BBHHHBBH4s4s", *fields))
    return struct.pack("!BBHHHBBH4s4s", *fields) + datagram


def server(packet, transaction):
    """The server that this packet is an answer of, or None."""
    length = (packet[0] & 15) * 4
    message = packet[length + 8 :]
    if packet[9] != 17 or packet[length + 2 : length + 4] != b"\x00\x44" or message[:1] != b"\x02" or message[4:8] != transaction:
        return None
    options = message[240:]
    while options and options[0] != 255:
        if options[0] == 0:
            options = options[1:]
            continue
        if options[0] == 54:
            return socket.inet_ntoa(options[2:6])
        options = options[2 + options[1] :]
    return socket.inet_ntoa(packet[12:16])


def servers(addresses):
    """Who answers on the interfaces of these addresses: a set of servers for each."""
    answers = {address: set() for address in addresses}
    sockets = {}
    for address in addresses:
        name, mac = interface(address)
        link = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(IPV4))
        link.bind((name, IPV4))
        sockets[link] = (address, name, mac, os.urandom(4))
    for attempt in range(2):
        for link, (_, name, mac, transaction) in sockets.items():
            link.sendto(discover(mac, transaction), (name, IPV4, 0, 0, b"\xff" * 6))
        end = time.monotonic() + WAIT / 2
        while (left := end - time.monotonic()) > 0:
            for link in select.select(list(sockets), [], [], left)[0]:
                address, _, _, transaction = sockets[link]
                packet = link.recv(65535)
                found = server(packet, transaction) if len(packet) > 28 else None
                if found:
                    answers[address].add(found)
    return answers


def ask(kind, words):
    places = [(address, ours.split(",")) for address, ours in (word.split("=") for word in words)]
    answers = servers([address for address, _ in places])
    failed = False
    for address, ours in places:
        foreign = sorted(answers[address] - set(ours))
        if kind == "foreign" and foreign:
            print(f"on the network of {address} DHCP is served by {', '.join(foreign)}", file=sys.stderr)
            failed = True
        if kind == "offer" and not answers[address] & set(ours):
            print(f"on the network of {address} none of {', '.join(ours)} offers a lease", file=sys.stderr)
            failed = True
    sys.exit(failed)


def ask_name(address, name):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    labels = b"".join(bytes([len(label)]) + label for label in name.encode("idna").split(b"."))
    with socket.socket(family, socket.SOCK_DGRAM) as link:
        link.settimeout(WAIT)
        question = os.urandom(2) + bytes.fromhex("01000001000000000000") + labels + bytes.fromhex("0000010001")
        link.sendto(question, (address, 53))
        try:
            answer = link.recv(65535)
        except OSError as error:
            sys.exit(f"{address} does not answer a question for {name}: {error}")
    code = answer[3] & 15
    if answer[:2] != question[:2] or code not in (0, 3):
        sys.exit(f"{address} cannot answer a question for {name}: code {code}")


if sys.argv[1] == "name":
    ask_name(sys.argv[2], sys.argv[3])
else:
    ask(sys.argv[1], sys.argv[2:])
