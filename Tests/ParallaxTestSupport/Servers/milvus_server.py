"""Milvus Lite's own server for tests, empty, on a free port of this machine.

    milvus_server.py FOLDER [PORT [TOKEN]]

Prints its port once it answers, and ends with its input. With a token its service refuses others, as a Milvus server does;
Milvus Lite itself asks for none.
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


def serve(folder: str, token: str) -> None:
    import base64
    import concurrent.futures

    import grpc
    from milvus_lite.adapter.grpc.servicer import MilvusServicer
    from milvus_lite.db import MilvusLite
    from pymilvus.grpc_gen import milvus_pb2_grpc

    expected = base64.b64encode(token.encode()).decode()

    def refuse(request, context):
        given = dict(context.invocation_metadata()).get("authorization", "none")
        context.abort(grpc.StatusCode.UNAUTHENTICATED, f"auth check failure, 100 %: {given}")

    class Guard(grpc.ServerInterceptor):
        def intercept_service(self, go_on, call):
            if dict(call.invocation_metadata).get("authorization") == expected:
                return go_on(call)
            return grpc.unary_unary_rpc_method_handler(refuse)

    server = grpc.server(concurrent.futures.ThreadPoolExecutor(4), interceptors=[Guard()])
    milvus_pb2_grpc.add_MilvusServiceServicer_to_server(MilvusServicer(MilvusLite(folder + "/milvus")), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    sys.stdin.read()
    os._exit(0)


def main(folder: str, wanted: str = "", token: str = "") -> None:
    if token:
        return serve(folder, token)
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
