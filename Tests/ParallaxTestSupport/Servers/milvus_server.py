"""Milvus Lite's own server for tests, empty, on a free port of this machine.

    milvus_server.py FOLDER [PORT]

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


def free_port() -> tuple[int, str]:
    """A port that no other server of the tests takes while this process and what it becomes hold the file beside it.

    The server does not say which port it took, and two of them would share one.
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


def main(folder: str, wanted: str = "") -> None:
    port, held = (int(wanted), "") if wanted else free_port()
    program = pathlib.Path(sys.executable).parent / "milvus-lite"
    server = os.getpid()
    if os.fork() == 0:
        has_ended = False
        while os.getppid() == server and not has_ended:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                print(port, flush=True)
                break
            except OSError:
                has_ended = bool(select.select([sys.stdin], [], [], 0.05)[0]) and not sys.stdin.read(1)
        sys.stdin.read()
        if os.getppid() == server:
            os.kill(server, signal.SIGKILL)
        if held:
            os.unlink(held)
        os._exit(0)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    arguments = [str(program), "server", "--data-dir", folder + "/milvus", "--host", "127.0.0.1", "--port", str(port)]
    os.execve(program, arguments, os.environ | {"HOME": folder})


if __name__ == "__main__":
    main(*sys.argv[1:])
