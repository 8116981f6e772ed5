"""Runs PostgreSQL with pgvector in a folder of its own until standard input ends.

usage: postgres_server.py PGINSTALL    prints the port once the server answers

Every user of 127.0.0.1 may come in without a password but those of the role 'locked', whose password is asked for.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main():
    programs = os.path.join(os.path.abspath(sys.argv[1]), "bin")
    folder = tempfile.mkdtemp(prefix="parallax-postgres-")
    drop = None
    if os.getuid() == 0:
        # It refuses to run as root.
        user = pwd.getpwnam("nobody")
        os.chown(folder, user.pw_uid, user.pw_gid)

        def drop():
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)

    os.chmod(folder, 0o700)
    environment = {"PATH": programs + ":/usr/bin:/bin", "LC_ALL": "C", "HOME": folder}
    data = os.path.join(folder, "data")
    quiet = dict(stdout=subprocess.DEVNULL, env=environment, preexec_fn=drop, cwd="/")
    subprocess.run(
        [programs + "/initdb", "-D", data, "-U", "tester", "--auth=trust", "-E", "UTF8",
         "--no-locale", "--no-sync"], check=True, **quiet)
    with open(data + "/pg_hba.conf", "w") as rules:
        rules.write("host all locked 127.0.0.1/32 scram-sha-256\n"
                    "host all all 127.0.0.1/32 trust\n")
    port = free_port()
    log = open(os.path.join(folder, "log"), "w")
    server = subprocess.Popen(
        [programs + "/postgres", "-D", data, "-p", str(port), "-k", "", "-c",
         "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=60", "-c",
         "shared_buffers=64MB"],
        stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment, preexec_fn=drop, cwd="/")
    try:
        for _ in range(600):
            answer = subprocess.run(
                [programs + "/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)], env=environment)
            if answer.returncode == 0:
                break
            if server.poll() is not None:
                sys.exit("the server ended: " + open(log.name).read())
            time.sleep(0.05)
        print(port, flush=True)
        sys.stdin.read()
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)


main()
