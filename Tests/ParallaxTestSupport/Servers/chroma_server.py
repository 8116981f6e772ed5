"""Chroma's own server for tests, empty, on a free port of this machine.

    chroma_server.py FOLDER

Prints its port once it answers, and ends with its input.
"""

import fcntl
import os
import pathlib
import select
import signal
import socket
import sys
import tempfile
import urllib.request


def free_port() -> tuple[int, str]:
    """A port that no other server of the tests takes while this process and what it becomes hold the file beside it.

    Chroma cannot be told to take a free one, and between looking and taking another test's server may look, too.
    """
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        held = f"{tempfile.gettempdir()}/parallax-test-port-{port}"
        file = os.open(held, os.O_CREAT | os.O_RDWR)
        os.set_inheritable(file, True)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return port, held
        except OSError:
            os.close(file)


def main(folder: str) -> None:
    port, held = free_port()
    program = pathlib.Path(sys.executable).parent / "chroma"
    server = os.getpid()
    if os.fork() == 0:
        has_ended = False
        while os.getppid() == server and not has_ended:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v2/heartbeat").read()
                print(port, flush=True)
                break
            except OSError:
                has_ended = bool(select.select([sys.stdin], [], [], 0.05)[0]) and not sys.stdin.read(1)
        sys.stdin.read()
        if os.getppid() == server:
            os.kill(server, signal.SIGKILL)
        os.unlink(held)
        os._exit(0)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    arguments = [str(program), "run", "--path", folder, "--host", "127.0.0.1", "--port", str(port)]
    os.execve(program, arguments, os.environ | {"ANONYMIZED_TELEMETRY": "False", "HOME": folder})


if __name__ == "__main__":
    main(*sys.argv[1:])
