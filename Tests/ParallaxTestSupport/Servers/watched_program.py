"""Runs a program at a terminal, in a network namespace of its own, and tells what it wrote and whom it called.

    watched_program.py [--probe] [--linger SECONDS] [--server] PROGRAM [ARGUMENT...] < LINES

Each line of the standard input is typed at the program once it has answered the one before. Then the program is left alone for
a while, as what reports behind a person's back does so on a timer, and "quit" is typed. With --server the test
provider listens in the namespace, and Gemini's address is its.

The namespace has a loopback device and nothing else, so nothing leaves the machine; an attempt shows as a system call. Tells, a
line each: "code N"; "wrote PATH" for every file opened for writing, made, renamed or linked by the program or a process it
started; "called ADDRESS PORT" for everything it wanted to reach but the server. Exits with 77 and a reason where a namespace
cannot be made or watched.
"""

import argparse
import ctypes
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

CLONE_NEWNET = 0x40000000
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
MAKING = (
    "open openat openat2 creat mkdir mkdirat rename renameat renameat2 link linkat symlink symlinkat mknod mknodat"
).split()
CONNECTING = "connect sendto sendmsg sendmmsg".split()
PROMPT = "> "


def unable(reason: str):
    print(reason, file=sys.stderr)
    sys.exit(77)


def isolate():
    """Leaves the network, but for a loopback device."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET):
        unable(f"cannot make a network namespace: {os.strerror(ctypes.get_errno())}")
    with socket.socket() as any_socket:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(any_socket, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))


def check():
    if not shutil.which("strace"):
        unable("there is no strace")
    if subprocess.run(["strace", "-o", "/dev/null", "true"], capture_output=True).returncode:
        unable("strace may not watch a program here")


class Terminal:
    """The program's screen: what it shows is read all the time, so that it never waits for us."""

    def __init__(self, descriptor: int):
        self.descriptor, self.shown, self.lock = descriptor, "", threading.Condition()
        # What is typed is not shown again by the terminal itself.
        modes = termios.tcgetattr(descriptor)
        modes[3] &= ~termios.ECHO
        termios.tcsetattr(descriptor, termios.TCSANOW, modes)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            while piece := os.read(self.descriptor, 65536):
                with self.lock:
                    self.shown += piece.decode(errors="replace")
                    self.lock.notify_all()
        except OSError:
            pass

    def wait_for_prompt(self):
        # Escape sequences may follow; an answer never ends in the prompt.
        ends = re.compile(re.escape(PROMPT) + r"(\x1b\[[0-9;?]*[a-zA-Z])*$")
        with self.lock:
            if not self.lock.wait_for(lambda: ends.search(self.shown), timeout=120):
                sys.exit(f"no prompt came back; it showed: {self.shown}")

    def type(self, line: str):
        with self.lock:
            self.shown += "\n"
        os.write(self.descriptor, line.encode() + b"\n")


def run(command: list[str], lines: list[str], linger: float, environment: dict) -> int:
    child, descriptor = pty.fork()
    if child == 0:
        os.execvpe(command[0], command, environment)
    terminal = Terminal(descriptor)
    for line in lines:
        terminal.wait_for_prompt()
        terminal.type(line)
    terminal.wait_for_prompt()
    time.sleep(linger)
    terminal.type("quit")
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print("\n".join("shown " + line for line in terminal.shown.splitlines()))
    return code


def calls(log: str):
    """The name and the text of every call, those that another thread interrupted put together again."""
    begun = {}
    with open(log, errors="replace") as file:
        for line in file:
            thread, _, text = line.rstrip("\n").partition(" ")
            text = text.lstrip()
            if text.endswith("<unfinished ...>"):
                begun[thread] = text.removesuffix("<unfinished ...>")
                continue
            if resumed := re.match(r"<\.\.\. \w+ resumed>", text):
                text = begun.pop(thread, "") + text[resumed.end():]
            yield text.partition("(")[0], text


def report(log: str, server_port: int | None):
    seen = set()
    for name, text in calls(log):
        if name in CONNECTING:
            if address := re.search(r"sa_family=AF_INET.*?sin6?_port=htons\((\d+)\)", text):
                host = re.search(r'inet_(?:addr|pton)\((?:AF_INET6, )?"([^"]+)"', text)
                port = int(address.group(1))
                if port != server_port:
                    seen.add(f"called {host.group(1) if host else '?'} {port}")
        elif name in MAKING:
            if name.startswith("open") and not re.search(r"O_(WRONLY|RDWR|CREAT|TMPFILE)", text):
                continue
            # The last path is the one that is made; a folder may stand before it, as a descriptor.
            paths = re.findall(r'(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"', text)
            if paths and " = -1 " not in text:
                folder, path = paths[-1]
                seen.add("wrote " + os.path.normpath(os.path.join(folder or os.getcwd(), path)))
    print("\n".join(sorted(seen)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--probe", action="store_true")
    parser.add_argument("--linger", type=float, default=0)
    parser.add_argument("--server", action="store_true")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    isolate()
    check()
    if options.probe:
        return
    lines = sys.stdin.read().splitlines()
    environment = dict(os.environ, TERM="dumb")
    server, port = None, None
    if options.server:
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "provider_server.py")
        server = subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        port = int(server.stdout.readline())
        environment["PARALLAX_GEMINI_URL"] = f"http://127.0.0.1:{port}/v1"
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "calls")
        # A question mark: not every processor has every call.
        traced = ",".join("?" + name for name in MAKING + CONNECTING)
        watch = ["strace", "-f", "-y", "-qq", "-o", log, "-e", f"trace={traced}"]
        code = run(watch + options.command, lines, options.linger, environment)
        if server:
            server.send_signal(signal.SIGTERM)
        print(f"code {code}")
        report(log, port)


main()
