"""A server of pictures for tests: a plain web server and an object store that speaks the API of S3.

    picture_server.py FOLDER

Prints its port. GET /web/PATH gives files of the folder with an ETag and Last-Modified, and answers If-None-Match. GET
/BUCKET/KEY and /BUCKET?list-type=2 are the store's, whose objects are the files below FOLDER/BUCKET; a bucket whose name begins
with "private" wants requests signed by the key below, whose signatures are computed here from Amazon's description
("Authenticating Requests (AWS Signature Version 4)"). /redirect?to=ADDRESS redirects; /slow never ends. POST /control with
{"fail": [503, ...]} gives the next requests these answers, {"page": N} sets the length of a page, {"deny": [KEY, ...]} refuses
objects; GET /control tells the method, path and headers of each request.
"""

import hashlib
import hmac
import json
import os
import sys
import threading
import time
import urllib.parse
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.sax.saxutils import escape

ACCESS, SECRET, TOKEN = "AKIATESTTESTTEST", "test/secret+key0123456789abcdefghijklm", "test-session-token=="
REGION = "us-east-1"
STATE = {"fail": [], "page": 1000, "deny": [], "seen": []}
LOCK = threading.Lock()


def digest(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signature(method: str, target: str, headers: dict[str, str], signed: list[str]) -> str:
    """The signature that a request must have."""
    path, _, query = target.partition("?")
    fields = sorted(field if "=" in field else field + "=" for field in query.split("&") if field)
    lines = "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in signed)
    request = "\n".join([method, path, "&".join(fields), lines, ";".join(signed), headers["x-amz-content-sha256"]])
    time_, day = headers["x-amz-date"], headers["x-amz-date"][:8]
    scope = f"{day}/{REGION}/s3/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", time_, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = ("AWS4" + SECRET).encode()
    for part in (day, REGION, "s3", "aws4_request"):
        key = digest(key, part)
    return digest(key, text).hex()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments: object) -> None:
        pass

    def answer(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        change = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with LOCK:
            STATE.update(change)
        self.answer(200, b"{}")

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        if path == "/control":
            with LOCK:
                return self.answer(200, json.dumps({"requests": STATE["seen"]}).encode())
        headers = {name.lower(): value for name, value in self.headers.items()}
        with LOCK:
            STATE["seen"].append({"path": self.path, "headers": headers})
            failure = STATE["fail"].pop(0) if STATE["fail"] else None
        if failure:
            return self.answer(failure, b"no")
        fields = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
        if path == "/redirect":
            return self.answer(302, headers={"Location": fields["to"]})
        if path == "/slow":
            self.send_response(200)
            self.send_header("Content-Length", "1000000")
            self.end_headers()
            self.wfile.write(b"\xff\xd8")
            return time.sleep(60)
        bucket, _, key = urllib.parse.unquote(path).lstrip("/").partition("/")
        if bucket.startswith("private"):
            problem = self.unsigned(headers)
            if problem:
                return self.fault(403, problem)
        if "list-type" in fields:
            return self.list(bucket, fields)
        if key in STATE["deny"]:
            return self.fault(403, "AccessDenied")
        self.file(os.path.join(bucket, key), headers, bucket)

    def unsigned(self, headers: dict[str, str]) -> str | None:
        authorization = headers.get("authorization", "")
        if not authorization.startswith("AWS4-HMAC-SHA256 "):
            return "AccessDenied"
        parts = dict(part.strip().split("=", 1) for part in authorization.split(" ", 1)[1].split(","))
        if parts["Credential"].split("/")[0] != ACCESS:
            return "InvalidAccessKeyId"
        signed = parts["SignedHeaders"].split(";")
        needed = [name for name in headers if name.startswith("x-amz-")] + ["host"]
        if any(name not in signed for name in needed):
            return "AccessDenied"
        if parts["Signature"] != signature(self.command, self.path, headers, signed):
            return "SignatureDoesNotMatch"
        return None

    def fault(self, status: int, code: str) -> None:
        self.answer(status, f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>{SECRET}</Message></Error>".encode())

    def list(self, bucket: str, fields: dict[str, str]) -> None:
        if not os.path.isdir(os.path.join(FOLDER, bucket)):
            return self.fault(404, "NoSuchBucket")
        found = []
        for folder, _, names in os.walk(os.path.join(FOLDER, bucket)):
            for name in names:
                found.append(os.path.relpath(os.path.join(folder, name), os.path.join(FOLDER, bucket)))
        keys = sorted(key for key in found if key.startswith(fields.get("prefix", "")))
        after = fields.get("continuation-token", "")
        rest = [key for key in keys if key > after]
        page = rest[: STATE["page"]]
        lines = []
        for key in page:
            path = os.path.join(FOLDER, bucket, key)
            stamp = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(os.stat(path).st_mtime))
            lines.append(
                f"<Contents><Key>{urllib.parse.quote(key)}</Key><LastModified>{stamp}</LastModified>"
                f"<ETag>{escape(self.tag(path), {chr(34): '&quot;'})}</ETag><Size>{os.path.getsize(path)}</Size></Contents>")
        more = len(rest) > len(page)
        token = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
        self.answer(200, (
            "<?xml version='1.0' encoding='UTF-8'?><ListBucketResult xmlns='http://s3.amazonaws.com/doc/2006-03-01/'>"
            f"<EncodingType>url</EncodingType><IsTruncated>{str(more).lower()}</IsTruncated>{token}{''.join(lines)}"
            "</ListBucketResult>").encode())

    @staticmethod
    def tag(path: str) -> str:
        with open(path, "rb") as file:
            return f'"{hashlib.md5(file.read()).hexdigest()}"'

    def file(self, name: str, headers: dict[str, str], bucket: str) -> None:
        path = os.path.join(FOLDER, name)
        if not os.path.isfile(path):
            return self.answer(404, b"gone") if bucket == "web" else self.fault(404, "NoSuchKey")
        tag = self.tag(path)
        facts = {"ETag": tag, "Last-Modified": formatdate(int(os.stat(path).st_mtime), usegmt=True)}
        if headers.get("if-none-match") == tag:
            return self.answer(304, headers=facts)
        with open(path, "rb") as file:
            body = file.read()
        asked = headers.get("range", "")
        if asked.startswith("bytes=0-"):
            return self.answer(206, body[: int(asked[8:]) + 1], facts)
        self.answer(200, body, facts)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


FOLDER = sys.argv[1]
server = Server(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
# Ends with whoever started it.
sys.stdin.read()
