"""Qdrant's REST interface over the engine that qdrant-client has in it, for tests: no server is on the package index.

usage: qdrant_server.py VERSION [KEY]    prints the port; ends with standard input

Every body is validated by the client's own models, which the server's specification is made of; what they do not know is
refused as the server refuses it. With a KEY, requests without it are refused.
"""

import http.server
import json
import os
import sys
import threading

from pydantic import TypeAdapter
from qdrant_client import QdrantClient, models

VERSION = sys.argv[1]
KEY = sys.argv[2] if len(sys.argv) > 2 else None
# Answers that say a graph is being built, after each batch of points.
BUSY = [0]
CLIENT = QdrantClient(":memory:")
LOCK = threading.Lock()


class Refused(Exception):
    def __init__(self, status, reason):
        super().__init__(reason)
        self.status = status


def read(model, body):
    return TypeAdapter(model).validate_python(body)


def plain(value):
    return json.loads(TypeAdapter(type(value)).dump_json(value, exclude_none=True))


def collection(name):
    if not CLIENT.collection_exists(name):
        raise Refused(404, f"Not found: Collection `{name}` doesn't exist!")
    return name


def create(name, body):
    wanted = read(models.CreateCollection, body)
    if CLIENT.collection_exists(name):
        raise Refused(409, f"Wrong input: Collection `{name}` already exists!")
    CLIENT.create_collection(name, vectors_config=wanted.vectors, metadata=wanted.metadata)
    return True


def update(name, body):
    CLIENT.update_collection(collection(name), metadata=read(models.UpdateCollection, body).metadata)
    return True


def describe(name, _):
    found = plain(CLIENT.get_collection(collection(name)))
    if BUSY[0] > 0:
        BUSY[0] -= 1
        found["status"] = "yellow"
    return found


def delete_collection(name, _):
    return CLIENT.delete_collection(collection(name))


def index(name, body):
    read(models.CreateFieldIndex, body)
    collection(name)
    return {"operation_id": 0, "status": "completed"}


def upsert(name, body):
    BUSY[0] = 2
    CLIENT.upsert(collection(name), points=read(models.PointsList, body).points)
    return {"operation_id": 0, "status": "completed"}


def retrieve(name, body):
    wanted = read(models.PointRequest, body)
    found = CLIENT.retrieve(
        collection(name), wanted.ids, with_payload=wanted.with_payload, with_vectors=wanted.with_vector)
    return [plain(record) for record in found]


def scroll(name, body):
    wanted = read(models.ScrollRequest, body)
    records, following = CLIENT.scroll(
        collection(name), scroll_filter=wanted.filter, limit=wanted.limit, offset=wanted.offset,
        with_payload=wanted.with_payload, with_vectors=wanted.with_vector)
    return {"points": [plain(record) for record in records], "next_page_offset": following}


def count(name, body):
    wanted = read(models.CountRequest, body)
    return {"count": CLIENT.count(collection(name), wanted.filter, exact=True).count}


def delete(name, body):
    CLIENT.delete(collection(name), read(models.PointIdsList, body))
    return {"operation_id": 0, "status": "completed"}


def query(name, body):
    wanted = read(models.QueryRequest, body)
    found = CLIENT.query_points(
        collection(name), query=wanted.query, query_filter=wanted.filter, limit=wanted.limit,
        search_params=wanted.params, with_payload=wanted.with_payload)
    return {"points": [plain(point) for point in found.points]}


ROUTES = {
    ("PUT", ""): create, ("PATCH", ""): update, ("GET", ""): describe, ("DELETE", ""): delete_collection,
    ("PUT", "/index"): index, ("PUT", "/points"): upsert, ("POST", "/points"): retrieve,
    ("POST", "/points/scroll"): scroll, ("POST", "/points/count"): count,
    ("POST", "/points/delete"): delete, ("POST", "/points/query"): query,
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self):
        try:
            status, reply = 200, self.result()
        except Refused as refusal:
            status, reply = refusal.status, {"status": {"error": str(refusal)}}
        except Exception as error:
            status, reply = 400, {"status": {"error": f"Bad request: {error}"}}
        body = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def result(self):
        size = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(size)) if size else None
        if KEY and self.headers.get("api-key") != KEY:
            raise Refused(401, "Must provide an API key or an Authorization bearer token")
        path = self.path.split("?")[0]
        if path == "/":
            return {"title": "qdrant - vector search engine", "version": VERSION}
        parts = path.split("/", 3)
        route = ROUTES.get((self.command, "/" + parts[3] if len(parts) > 3 else ""))
        if parts[1] != "collections" or not route:
            raise Refused(404, "Not found")
        with LOCK:
            return {"result": route(parts[2], body), "status": "ok", "time": 0}

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = answer


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_address[1], flush=True)
sys.stdin.read()
os._exit(0)
