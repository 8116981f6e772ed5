"""A server that speaks the wire formats of several providers' embeddings and rerankers, for tests.

    provider_server.py [--certificate FILE] [--latency SECONDS] [--items-per-minute N]
        [--vectors FILE] [--account-key FILE]

Prints its port. Vectors are those of a JSON file by the SHA-256 of an item's bytes, "*" for all others, or else a function of
the bytes alone. /token hands tokens to whom signs with the private half of the account's key. What it is to do wrong is told to
POST /control as {"faults": [...]}: one fault for each of the next requests, null for none. {"noise": X} makes two answers to
one item differ by about X of their length from then on, {"drift": X} all answers from those before. {"judge": "first"} makes
a judge prefer what it is shown first, whatever it is. Jobs are in batch_jobs.py and vertex_jobs.py. GET /control
tells what it saw: accepted items and requests, and of each request the path, the headers and the body
without pictures; GET /control/counts all of it but the requests.
"""

import argparse
import base64
import hashlib
import json
import math
import random
import socket
import ssl
import secrets
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Nothing is written beside the sources.
sys.dont_write_bytecode = True

from batch_jobs import Jobs  # noqa: E402
from odd_replies import ODD  # noqa: E402
from rerank_formats import RERANK_FORMATS, score  # noqa: E402
from vertex_jobs import VertexJobs  # noqa: E402
from wire_formats import FORMATS, Refused  # noqa: E402

KEY = "test-key-0123456789abcdef"
# Seconds of its rate that the server lets through at once.
BURST = 3


def moved(values: list[float], amount: float, draw: random.Random) -> list[float]:
    """Values with something added, about `amount` as long as they are."""
    size = amount * math.sqrt(sum(value * value for value in values) / len(values))
    return [value + draw.gauss(0, size) for value in values]


def vector(item: bytes, dimension: int, state: "State") -> list[float]:
    """Unit vectors that do not depend on the dimension but for being cut and renormalised."""
    digest = hashlib.sha256(item)
    draw = random.Random(digest.digest())
    known = state.vectors
    values = known.get(digest.hexdigest()) or known.get("*") or [draw.gauss(0, 1) for _ in range(dimension)]
    values = values[:dimension]
    if state.drift:
        values = moved(values, state.drift, random.Random(digest.digest() + b"drift"))
    if state.noise:
        values = moved(values, state.noise, state.draw)
    length = math.sqrt(sum(value * value for value in values))
    # Rounded to 32 bits, as the service's numbers are.
    return [struct.unpack("f", struct.pack("f", value / length))[0] for value in values]


class State:
    def __init__(self, options):
        self.options, self.lock = options, threading.Lock()
        self.faults, self.poison = [], []
        self.requests, self.items, self.accepted, self.pending = [], 0, 0, 0
        self.noise, self.drift, self.draw = 0.0, 0.0, random.Random(1)
        self.judge = "content"
        self.tokens, self.marker = set(), f"<__media_{secrets.token_hex(8)}__>"
        self.vectors = {}
        if options.vectors:
            with open(options.vectors) as file:
                self.vectors = json.load(file)
        self.jobs, self.vertex_jobs = Jobs(self, vector), VertexJobs(self, vector)
        self.level, self.updated = options.items_per_minute / 60 * BURST, time.monotonic()

    def next_fault(self):
        with self.lock:
            return self.faults.pop(0) if self.faults else None

    def over_limit(self, count: int) -> bool:
        """A token bucket: what is over the rate for longer than a burst is refused."""
        rate = self.options.items_per_minute / 60
        if not rate:
            return False
        with self.lock:
            now = time.monotonic()
            self.level = min(rate * BURST, self.level + (now - self.updated) * rate)
            self.updated = now
            if self.level < count:
                return True
            self.level -= count
            return False


def quota(identifier: str, delay: str | None) -> Refused:
    details = [{"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [{"quotaId": identifier}]}]
    if delay:
        details.append({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay})
    return Refused(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", details)


FAULTS = {
    "429": lambda: quota("EmbedContentRequestsPerMinutePerProject", "0.2s"),
    "429-bare": lambda: Refused(429, "RESOURCE_EXHAUSTED", "Resource exhausted. Please retry in 0.15s."),
    "429-day": lambda: quota("EmbedContentRequestsPerDayPerProject-FreeTier", "1s"),
    "500": lambda: Refused(500, "INTERNAL", "An internal error has occurred."),
    "503": lambda: Refused(503, "UNAVAILABLE", "The model is overloaded."),
    "403": lambda: Refused(403, "PERMISSION_DENIED", "The account does not have access."),
    "expired": lambda: Refused(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.",
                               [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "ACCESS_TOKEN_EXPIRED"}]),
}


def without_pictures(value):
    """The same with long texts, which are pictures, cut."""
    if isinstance(value, dict):
        return {key: without_pictures(item) for key, item in value.items()}
    if isinstance(value, list):
        return [without_pictures(item) for item in value]
    return value[:40] + "…" if isinstance(value, str) and len(value) > 1000 else value


def unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verify(key: str, message: bytes, signature: bytes) -> bool:
    """Whether the openssl program finds the signature to be that of a private key's owner."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(signature)
        file.flush()
        command = ["openssl", "dgst", "-sha256", "-prverify", key, "-signature", file.name]
        return subprocess.run(command, input=message, capture_output=True).returncode == 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: State

    def log_message(self, *_):
        pass

    def read_body(self) -> dict:
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/token":
            return dict(urllib.parse.parse_qsl(data.decode()))
        return json.loads(data or b"{}")

    def answer(self, status: int, body: bytes, kind="application/json; charset=UTF-8", headers=()):
        self.send_response(status)
        if "Content-Type" not in headers:
            self.send_header("Content-Type", kind)
        for name in headers:
            self.send_header(name, headers[name])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def serve_jobs(self, method: str):
        """Files and jobs, whose bodies are no JSON."""
        state = self.state
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with state.lock:
            headers = {name.lower(): value for name, value in self.headers.items()}
            is_job = method == "POST" and self.path.endswith("/batchPredictionJobs")
            state.requests.append({"path": self.path, "headers": headers, "body": json.loads(data) if is_job else {}})
        try:
            fault = state.next_fault()
            if fault in FAULTS:
                raise FAULTS[fault]()
            jobs = state.vertex_jobs if state.vertex_jobs.serves(self.path) else state.jobs
            if jobs is state.vertex_jobs:
                token = self.headers.get("Authorization", "").removeprefix("Bearer ")
                if jobs.needs_token(self) and token not in {KEY} | state.tokens:
                    raise FAULTS["expired"]()
            elif self.headers.get("x-goog-api-key") != KEY:
                raise Refused(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.")
            if fault == "never":
                time.sleep(3600)
            reply = jobs.serve(self, method, data, fault)
            if fault == "unanswered":
                time.sleep(3600)
            if reply is None:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                return self.connection.close()
            status, headers, body = (200, *reply)[-3:] if isinstance(reply, tuple) else (200, {}, reply)
            self.answer(status, body if isinstance(body, bytes) else json.dumps(body).encode(), headers=headers)
        except Refused as refused:
            self.answer(refused.status, json.dumps(refused.body).encode())
        except ConnectionError:
            pass  # the program under test went away

    def do_GET(self):
        state = self.state
        if state.jobs.serves(self.path) or state.vertex_jobs.serves(self.path):
            return self.serve_jobs("GET")
        if self.path == "/props":
            return self.answer(200, json.dumps({"media_marker": state.marker, "modalities": {"vision": True}}).encode())
        with state.lock:
            seen = {"items": state.items, "accepted": state.accepted, "pending": state.pending,
                    "objects": sorted(state.vertex_jobs.objects)}
            if self.path != "/control/counts":
                seen["requests"] = state.requests
        self.answer(200, json.dumps(seen).encode())

    def do_PUT(self):
        self.serve_jobs("PUT")

    def do_DELETE(self):
        self.serve_jobs("DELETE")

    def do_POST(self):
        if self.state.jobs.serves(self.path) or self.state.vertex_jobs.serves(self.path):
            return self.serve_jobs("POST")
        state, body = self.state, self.read_body()
        if self.path == "/control":
            with state.lock:
                if body.get("clear"):
                    state.faults.clear()
                state.faults += body.get("faults", [])
                state.poison += body.get("poison", [])
                state.noise = body.get("noise", state.noise)
                state.drift = body.get("drift", state.drift)
                state.judge = body.get("judge", state.judge)
            state.jobs.refuses = body.get("refuse", state.jobs.refuses)
            state.vertex_jobs.refuses = body.get("refuse", state.vertex_jobs.refuses)
            state.vertex_jobs.whole = body.get("whole", state.vertex_jobs.whole)
            if "jobs" in body:
                state.jobs.control(body)
                state.vertex_jobs.control(body)
            return self.answer(200, b"{}")
        if self.path == "/token":
            return self.hand_out_token(body)
        with state.lock:
            headers = {name.lower(): value for name, value in self.headers.items()}
            state.requests.append({"path": self.path, "headers": headers, "body": without_pictures(body)})
            state.pending += 1
        time.sleep(state.options.latency)
        try:
            self.embed(body, state.next_fault())
        except Refused as refused:
            self.answer(refused.status, json.dumps(refused.body).encode())
        except ConnectionError:
            pass  # the program under test went away
        finally:
            with state.lock:
                state.pending -= 1

    def hand_out_token(self, form: dict):
        """RFC 7523: who signs for the account gets a token; a refresh token of the right name, too."""
        state = self.state
        granted = form.get("refresh_token") == "test-refresh-token" and form.get("client_secret") == "test-secret"
        if state.options.account_key and "assertion" in form:
            signed, _, signature = form["assertion"].rpartition(".")
            granted = verify(state.options.account_key, signed.encode(), unpadded(signature))
            claims = json.loads(unpadded(signed.split(".")[1]))
            granted = granted and claims["exp"] - claims["iat"] == 3600 and claims["aud"].endswith("/token")
        if not granted:
            # As some services do, it quotes what it was sent, in its own spelling.
            quoted = " ".join([*form.values(), *(value.upper() for value in form.values()), urllib.parse.urlencode(form)])
            refusal = {"error": "invalid_grant", "error_description": f"Invalid JWT Signature. Got {quoted}"}
            return self.answer(400, json.dumps(refusal).encode())
        token = f"test-token-{len(state.tokens)}"
        state.tokens.add(token)
        self.answer(200, json.dumps({"access_token": token, "expires_in": 3599, "token_type": "Bearer"}).encode())

    def embed(self, body: dict, fault: str | None):
        state = self.state
        if fault in FAULTS:
            raise FAULTS[fault]()
        if fault == "html":
            return self.answer(502, b"<html><title>502 Bad Gateway</title></html>", "text/html")
        if fault == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            return self.connection.close()
        given = {self.headers.get("x-goog-api-key"), self.headers.get("Authorization", "")[len("Bearer "):]}
        if not given & ({KEY} | state.tokens):
            details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}]
            raise Refused(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", details)
        if self.path.endswith(":countTokens"):
            texts = [part["text"] for item in body["contents"] for part in item["parts"]]
            return self.answer(200, json.dumps({"totalTokens": sum(len(text.split()) for text in texts)}).encode())
        found = [(read, write) for ending, read, write in FORMATS + RERANK_FORMATS if self.path.endswith(ending)]
        if not found:
            raise Refused(404, "NOT_FOUND", f"{self.path} is not found")
        read, write = found[0]
        items, dimension = read(self.path, body, state)
        if state.over_limit(len(items)):
            raise FAULTS["429"]()
        # A score has no dimension.
        vectors = [vector(item, dimension, state) if dimension else score(item) for item in items]
        if fault in ODD:
            status, headers, data = ODD[fault](self, write(vectors, body))
            if status == 200 and b'"error"' not in data:
                with state.lock:
                    state.items += len(items)
            return self.answer(status, data, headers=headers)
        with state.lock:
            state.items += len(items)
            state.accepted += 1
        if fault == "count":
            vectors = vectors[:-1]
        if fault == "dimension":
            vectors = [values[:5] for values in vectors]
        text = json.dumps(write(vectors, body))
        if fault == "nan":
            text = text.replace("0.0", "NaN", 1)  # in the middle of a number
        data = text.encode()
        if fault == "truncated":
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[:len(data) // 2])
            self.close_connection = True
            return
        if fault == "cut-json":
            data = data[:len(data) // 2]
        if fault in ("slow", "never"):
            time.sleep(20 if fault == "slow" else 3600)
        self.answer(200, data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--certificate")
    parser.add_argument("--latency", type=float, default=0)
    parser.add_argument("--items-per-minute", type=float, default=0)
    parser.add_argument("--vectors")
    parser.add_argument("--account-key")
    options = parser.parse_args()
    handler = type("Bound", (Handler,), {"state": State(options)})
    ThreadingHTTPServer.request_queue_size = 128
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_port, flush=True)
    # Ends with the test that started it.
    threading.Thread(target=lambda: (sys.stdin.read(), server.shutdown()), daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    main()
