"""The sockets that MAAS' programs hold: most only take connections, name server and TFTP answer as far as an acceptance test asks."""
import socket
import socketserver
import struct
import threading


def background(function, *words):
    threading.Thread(target=function, args=words, daemon=True).start()


class Listener(socketserver.ThreadingTCPServer):
    address_family, daemon_threads, allow_reuse_address, request_queue_size = socket.AF_INET6, True, True, 64


class Silent(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.settimeout(60)
        try:
            self.request.recv(1)
        except OSError:
            pass


def listen(port, handler=Silent):
    background(Listener(("::", port), handler).serve_forever)


def datagrams(port):
    link = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    link.bind(("::", port))
    return link


def hold(port):
    def loop(link):
        while True:
            link.recv(2048)
    background(loop, datagrams(port))


def name_server(known):
    """Answers A questions for the names that `known` gives addresses of; NXDOMAIN for all others."""
    listen(53)

    def loop(link):
        while True:
            question, sender = link.recvfrom(2048)
            if len(question) > 12:
                link.sendto(dns_answer(question, known), sender)
    background(loop, datagrams(53))


def dns_answer(question, known):
    labels, at = [], 12
    while question[at]:
        labels.append(question[at + 1 : at + 1 + question[at]].decode("ascii", "replace"))
        at += question[at] + 1
    asked = question[12 : at + 5]
    address = known(".".join(labels))
    if not address:
        return question[:2] + b"\x81\x83" + struct.pack("!HHHH", 1, 0, 0, 0) + asked
    record = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 30, 4) + socket.inet_aton(address)
    return question[:2] + b"\x81\x80" + struct.pack("!HHHH", 1, 1, 0, 0) + asked + record


BOOT_FILES = {"bootx64.efi", "lpxelinux.0", "grubx64.efi", "bootaa64.efi"}


def tftp(port=69):
    def loop(link):
        while True:
            packet, sender = link.recvfrom(2048)
            if packet[:2] == b"\x00\x01":
                background(tftp_send, packet[2:].split(b"\x00")[0].decode("ascii", "replace"), sender)
    background(loop, datagrams(port))


def tftp_send(name, sender):
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as link:
        link.settimeout(2)
        if name.lstrip("/") not in BOOT_FILES:
            link.sendto(b"\x00\x05\x00\x01File not found\x00", sender)
            return
        data = b"MZ" + bytes(1400)
        for number in range(len(data) // 512 + 1):
            link.sendto(struct.pack("!HH", 3, number + 1) + data[512 * number : 512 * (number + 1)], sender)
            try:
                link.recv(2048)
            except OSError:
                return
