"""Passes bytes on to a port of this machine, and stops after some: as a network or a server does that fails.

usage: cutting_proxy.py PORT cut|hold BYTES FILE    prints its own port

Counts what clients send, over all connections. `cut` ends the connections then and refuses others; `hold` passes
nothing on any more. FILE is there from then on. It ends with standard input.
"""

import os
import socket
import sys
import threading


class Proxy:
    def __init__(self, port, mode, limit, mark):
        self.port, self.mode, self.left, self.mark = port, mode, limit, mark
        self.lock = threading.Lock()
        self.is_over = False

    def allowed(self, count):
        """How many of some bytes may pass."""
        with self.lock:
            passing = max(0, min(count, self.left))
            self.left -= count
            if self.left < 0 and not self.is_over:
                self.is_over = True
                open(self.mark, "w").close()
            return passing

    def pump(self, source, target, counts):
        try:
            while True:
                data = source.recv(1 << 16)
                if not data:
                    break
                if counts:
                    data = data[: self.allowed(len(data))]
                if data:
                    target.sendall(data)
                if self.is_over and self.mode == "cut":
                    break
                if self.is_over and counts:
                    threading.Event().wait()
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def serve(self, listener):
        while True:
            client, _ = listener.accept()
            if self.is_over and self.mode == "cut":
                client.close()
                continue
            server = socket.create_connection(("127.0.0.1", self.port))
            for arguments in ((client, server, True), (server, client, False)):
                threading.Thread(target=self.pump, args=arguments, daemon=True).start()


listener = socket.create_server(("127.0.0.1", 0))
proxy = Proxy(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), sys.argv[4])
threading.Thread(target=proxy.serve, args=(listener,), daemon=True).start()
print(listener.getsockname()[1], flush=True)
sys.stdin.read()
os._exit(0)
