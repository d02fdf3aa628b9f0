"""Stands for MAAS on a region and rack: takes every port that MAAS takes, on every address of both families, and answers as a region does.

usage: region_stub.py NAME [TLS-PORT]
"""
import http.server
import json
import socket
import socketserver
import sys
import threading

API = 5240
# What nginx, the agent, Temporal, regiond's RPC, rackd, named, the proxy and the syslog of a snap listen on.
STREAMS = [53, 3128, 5239, 5242, 5247, 5248, 5249, *range(5250, 5260), 5271, 5272, 5273, 5274, 5281, 5282, 5283, 5284, 8000]
DATAGRAMS = [53, 69, 123, 5247]


class Region(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        known = self.path.startswith(("/MAAS/rpc/", "/MAAS/api/2.0/version/"))
        body = json.dumps({"region": sys.argv[1]} if known else {}).encode("ascii")
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Silence(socketserver.BaseRequestHandler):
    def handle(self):
        self.request.recv(1)


def server(kind, family, port, handler):
    class Server(kind):
        address_family = family
        allow_reuse_address = True
        daemon_threads = True
        request_queue_size = 128

        def server_bind(self):
            if family == socket.AF_INET6:
                self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            socketserver.TCPServer.server_bind(self)

        # HAProxy's checks go away before they have read everything.
        def handle_error(self, request, client_address):
            pass

    made = Server(("::" if family == socket.AF_INET6 else "0.0.0.0", port), handler)
    threading.Thread(target=made.serve_forever, daemon=True).start()


def datagrams(family, port):
    made = socket.socket(family, socket.SOCK_DGRAM)
    if family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    made.bind(("::" if family == socket.AF_INET6 else "0.0.0.0", port))
    return made


held = []
for family in (socket.AF_INET, socket.AF_INET6):
    server(http.server.ThreadingHTTPServer, family, API, Region)
    for port in STREAMS + [int(word) for word in sys.argv[2:]]:
        server(socketserver.ThreadingTCPServer, family, port, Silence)
    held += [datagrams(family, port) for port in DATAGRAMS]
print("every socket is bound", flush=True)
threading.Event().wait()
