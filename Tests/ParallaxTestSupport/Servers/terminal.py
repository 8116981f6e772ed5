"""Runs a program on a terminal of its own and types at it, one step after the other.

    terminal.py [--size ROWSxCOLUMNS] [--stdout FILE] PROGRAM ARGUMENT...

Standard input: one JSON object a line, each a step. {"expect": TEXT} waits until the text is shown behind what was
expected last; {"send": TEXT} types; {"answer": [TEXT, REPLY]} types REPLY as soon as the program has written TEXT, once;
{"stop": true} types Ctrl-Z, waits until the program has stopped, and lets it go on;
{"resize": [ROWS, COLUMNS]}; {"end": true} waits until the program ends. Standard output: a JSON object with the exit code
and what was shown, once as it came and once without control sequences. Exit code 1 names the step that could not be
done.
"""

import argparse
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

# A program that says nothing for so long hangs; nothing else depends on it.
PATIENCE = 120
SEQUENCE = re.compile(r"\x1b(\[[0-9;?]*[ -/]*[@-~]|[78=>]|\][^\x07]*\x07|[_P][^\x1b]*\x1b\\)|\r")


class Terminal:
    def __init__(self, size, stdout, command):
        self.raw, self.seen, self.answers = b"", 0, []
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
            if stdout:
                os.dup2(os.open(stdout, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
            os.execv(command[0], command)

    @property
    def text(self):
        return SEQUENCE.sub("", self.raw.decode("utf-8", "replace"))

    def read(self, deadline):
        """False at the end."""
        ready, _, _ = select.select([self.descriptor], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        try:
            piece = os.read(self.descriptor, 65536)
        except OSError:
            piece = b""
        self.raw += piece
        for question, reply in [pair for pair in self.answers if pair[0].encode() in self.raw]:
            self.answers.remove([question, reply])
            self.send(reply)
        return bool(piece)

    def expect(self, wanted):
        deadline = time.monotonic() + PATIENCE
        while (place := self.text.find(wanted, self.seen)) < 0:
            if not self.read(deadline):
                raise EOFError
        self.seen = place + len(wanted)

    def send(self, text):
        os.write(self.descriptor, text.encode())

    def answer(self, pair):
        self.answers.append(pair)

    def stop(self, _):
        self.send("\x1a")
        os.waitpid(self.pid, os.WUNTRACED)
        os.kill(self.pid, signal.SIGCONT)

    def resize(self, size):
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))

    def end(self, _):
        deadline = time.monotonic() + PATIENCE
        while self.read(deadline):
            pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", default="24x80")
    parser.add_argument("--stdout")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    size = [int(part) for part in arguments.size.split("x")]
    terminal = Terminal(size, arguments.stdout, arguments.command)
    for line in filter(str.strip, sys.stdin):
        step = json.loads(line)
        (name, value), = step.items()
        try:
            getattr(terminal, name)(value)
        except (TimeoutError, EOFError) as error:
            os.kill(terminal.pid, signal.SIGKILL)
            sys.exit(f"{type(error).__name__} at {line.strip()}; shown was: {terminal.text!r}")
    _, status = os.waitpid(terminal.pid, 0)
    json.dump(
        {"code": os.waitstatus_to_exitcode(status), "raw": terminal.raw.decode("utf-8", "replace"), "text": terminal.text},
        sys.stdout)


main()
