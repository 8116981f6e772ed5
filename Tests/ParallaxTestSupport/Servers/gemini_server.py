"""A server that speaks the wire format of the Gemini API's embeddings, for tests.

    gemini_server.py [--certificate FILE] [--latency SECONDS] [--items-per-minute N]

Prints its port. Vectors are a function of an item's bytes alone. What it is to do wrong is told to
POST /control as {"faults": [...]}: one fault for each of the next requests, null for none. GET /control
tells what it saw: accepted items and requests, and of each request the path, the headers and the body
without pictures.
"""

import argparse
import base64
import hashlib
import json
import math
import random
import socket
import ssl
import struct
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "test-key-0123456789abcdef"
PICTURES = {b"\xff\xd8": "image/jpeg", b"\x89P": "image/png"}


def vector(item: bytes, dimension: int) -> list[float]:
    """Unit vectors that do not depend on the dimension but for being cut and renormalised."""
    draw = random.Random(hashlib.sha256(item).digest())
    values = [draw.gauss(0, 1) for _ in range(dimension)]
    length = math.sqrt(sum(value * value for value in values))
    # Rounded to 32 bits, as the service's numbers are.
    return [struct.unpack("f", struct.pack("f", value / length))[0] for value in values]


class State:
    def __init__(self, options):
        self.options, self.lock = options, threading.Lock()
        self.faults, self.poison = [], []
        self.requests, self.items, self.accepted = [], 0, 0
        self.window, self.used = time.monotonic(), 0

    def next_fault(self):
        with self.lock:
            return self.faults.pop(0) if self.faults else None

    def over_limit(self, count: int) -> bool:
        limit = self.options.items_per_minute
        if not limit:
            return False
        with self.lock:
            now = time.monotonic()
            if now - self.window >= 1:
                self.window, self.used = now, 0
            self.used += count
            return self.used > limit / 60 * 1.25


class Refused(Exception):
    def __init__(self, status: int, code: str, message: str, details=()):
        super().__init__(message)
        self.status = status
        self.body = {"error": {"code": status, "message": message, "status": code, "details": list(details)}}


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
}


def check(item: dict, model: str, state: State) -> tuple[bytes, int]:
    """The bytes of an item and the dimension asked for."""
    if item.get("model") != f"models/{model}":
        raise Refused(400, "INVALID_ARGUMENT", "* BatchEmbedContentsRequest.requests[0].model: unexpected model")
    unknown = set(item) - {"model", "content", "outputDimensionality", "taskType", "title"}
    if unknown:
        raise Refused(400, "INVALID_ARGUMENT", f'Invalid JSON payload received. Unknown name "{unknown.pop()}"')
    joined = b""
    for part in item["content"]["parts"]:
        if "text" in part:
            joined += part["text"].encode()
        else:
            data = base64.b64decode(part["inlineData"]["data"], validate=True)
            if PICTURES.get(data[:2]) != part["inlineData"]["mimeType"]:
                raise Refused(400, "INVALID_ARGUMENT", "Unable to process input image.")
            if hashlib.sha256(data).hexdigest() in state.poison or model == "gemini-embedding-001":
                raise Refused(400, "INVALID_ARGUMENT", "Unable to process input image. Please retry or report.")
            joined += data
    dimension = item.get("outputDimensionality", 3072)
    if not 1 <= dimension <= 3072:
        raise Refused(400, "INVALID_ARGUMENT", "outputDimensionality must be from 1 to 3072.")
    return joined, dimension


def without_pictures(body: dict) -> dict:
    """The body with the digest of each picture in its place."""
    copy = json.loads(json.dumps(body))
    for item in copy.get("requests", []):
        for part in item["content"]["parts"]:
            if "inlineData" in part:
                data = base64.b64decode(part["inlineData"]["data"])
                part["inlineData"]["data"] = hashlib.sha256(data).hexdigest()
    return copy


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: State

    def log_message(self, *_):
        pass

    def read_body(self) -> dict:
        return json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")

    def answer(self, status: int, body: bytes, kind="application/json; charset=UTF-8"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        state = self.state
        with state.lock:
            seen = {"requests": state.requests, "items": state.items, "accepted": state.accepted}
        self.answer(200, json.dumps(seen).encode())

    def do_POST(self):
        state, body = self.state, self.read_body()
        if self.path == "/control":
            with state.lock:
                state.faults += body.get("faults", [])
                state.poison += body.get("poison", [])
            return self.answer(200, b"{}")
        with state.lock:
            headers = {name.lower(): value for name, value in self.headers.items()}
            state.requests.append({"path": self.path, "headers": headers, "body": without_pictures(body)})
        time.sleep(state.options.latency)
        try:
            self.embed(body, state.next_fault())
        except Refused as refused:
            self.answer(refused.status, json.dumps(refused.body).encode())
        except ConnectionError:
            pass  # the program under test went away

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
        if self.headers.get("x-goog-api-key") != KEY:
            details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}]
            raise Refused(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", details)
        model, verb = self.path.rsplit("/", 1)[-1].split(":")
        if verb != "batchEmbedContents" or model not in ("gemini-embedding-2", "gemini-embedding-001"):
            raise Refused(404, "NOT_FOUND", f"models/{model} is not found for API version v1beta")
        items = body["requests"]
        if len(items) > 100:
            raise Refused(400, "INVALID_ARGUMENT", "at most 100 requests can be in one batch")
        if state.over_limit(len(items)):
            raise FAULTS["429"]()
        vectors = [vector(*check(item, model, state)) for item in items]
        with state.lock:
            state.items += len(items)
            state.accepted += 1
        if fault == "count":
            vectors = vectors[:-1]
        if fault == "dimension":
            vectors = [values[:5] for values in vectors]
        text = json.dumps({"embeddings": [{"values": values} for values in vectors],
                           "usageMetadata": {"promptTokenCount": 258 * len(items)}})
        if fault == "nan":
            text = text.replace("0.0", "NaN", 1)
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
        if fault == "slow":
            time.sleep(20)
        self.answer(200, data)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--certificate")
    parser.add_argument("--latency", type=float, default=0)
    parser.add_argument("--items-per-minute", type=float, default=0)
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
