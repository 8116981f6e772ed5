"""Batch prediction jobs of Vertex AI and the JSON API of Cloud Storage, for provider_server.py.

There is one bucket, "mine". What is sent is held against google_fields.json, which is made of the services' discovery documents.
A job stays pending until POST /control says how it goes on, as in batch_jobs.py; its answers come in two files, in another order
than the requests, each beside its request. {"whole": true} has them hold every number that the model has. Of long pieces of
an upload, the service takes half at a time.
"""

import json
import pathlib
import re
import urllib.parse

from wire_formats import Refused, content, dimension_of

BUCKET, FULL, GRANULARITY, LONG, MOST_IN_PAGE = "mine", 3072, 256 * 1024, 1 << 20, 2
FIELDS = json.loads((pathlib.Path(__file__).parent / "google_fields.json").read_text())
# The service names a project by its number, whatever it was asked by.
NUMBER = "123456789012"


def check(value: dict, schema: str):
    """Refuses fields that a schema does not have, or that only the service sets."""
    known = FIELDS["schemas"][schema]
    for name, inner in value.items():
        if name not in known:
            raise Refused(400, "INVALID_ARGUMENT", f'Invalid JSON payload received. Unknown name "{name}": Cannot find field.')
        if known[name] in FIELDS["schemas"]:
            check(inner, known[name])


def camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


def check_query(fields: dict, method: dict):
    unknown = set(fields) - set(method["query"]) - set(FIELDS["global"])
    if unknown:
        raise Refused(400, "INVALID_ARGUMENT", f"unknown parameters {unknown}")


def parts(uri: str):
    match = re.fullmatch(r"gs://([^/]+)/(.+)", uri)
    if not match:
        raise Refused(400, "INVALID_ARGUMENT", f"{uri} is no address of Cloud Storage")
    return match[1], match[2]


class VertexJobs:
    def __init__(self, state, vector):
        self.state, self.vector = state, vector
        self.objects, self.uploads, self.jobs, self.refuses, self.whole = {}, {}, {}, False, False

    def serves(self, path: str) -> bool:
        return bool(re.search(r"/batchPredictionJobs|/storage/v1/b/", path))

    def needs_token(self, handler) -> bool:
        """Who knows the address of an upload may go on with it."""
        return "upload_id=" not in handler.path

    def serve(self, handler, method: str, body: bytes, fault: str | None):
        """The status, headers and body of the reply; None where the connection is to break."""
        path, _, query = handler.path.partition("?")
        fields = dict(urllib.parse.parse_qsl(query))
        if "/storage/v1/b/" in path:
            return self.store(handler, method, path, fields, body)
        place, _, name = path.partition("/batchPredictionJobs")
        identifier = name.lstrip("/").removesuffix(":cancel")
        if not identifier:
            if method == "POST":
                return self.create(place, fields, json.loads(body), fault)
            return self.page(fields)
        if identifier not in self.jobs:
            raise Refused(404, "NOT_FOUND", f"The BatchPredictionJob {identifier} does not exist.")
        if path.endswith(":cancel"):
            if method != FIELDS["jobs"]["cancel"]["method"]:
                raise Refused(404, "NOT_FOUND", "use POST")
            self.end(self.jobs[identifier], "CANCELLED", 0)
            return {}
        return self.shown(self.jobs[identifier])

    # Cloud Storage

    def store(self, handler, method: str, path: str, fields: dict, body: bytes):
        bucket, _, name = path.split("/b/", 1)[1].partition("/o")
        if "upload_id" in fields:
            return self.piece(handler, fields, body)
        kind = {"POST": "insert", "DELETE": "delete"}.get(method, "get" if name else "list")
        known = FIELDS["objects"][kind]
        check_query({name: value for name, value in fields.items() if name != "uploadType"}, known)
        expected = FIELDS["upload"] if kind == "insert" else "/storage/v1/" + known["path"]
        written = expected.replace("{bucket}", bucket).replace("{object}", name[1:])
        if not path.endswith(written) or method != known["method"]:
            raise Refused(404, "NOT_FOUND", "Not Found")
        if bucket != BUCKET:
            raise Refused(404, "NOT_FOUND", "The specified bucket does not exist.")
        name = urllib.parse.unquote(name[1:])
        if kind == "insert":
            # The name stands in the address or in what is said of the object.
            wanted = fields.get("name") or json.loads(body or b"{}").get("name")
            if fields.get("uploadType") != "resumable" or not wanted:
                raise Refused(400, "INVALID_ARGUMENT", "Required")
            identifier = f"session-{len(self.uploads)}-secret"
            self.uploads[identifier] = {"name": wanted, "data": b"", "size": int(handler.headers["X-Upload-Content-Length"])}
            host = handler.headers["Host"]
            return {"Location": f"http://{host}{path}?uploadType=resumable&upload_id={identifier}"}, b""
        if kind == "list":
            return self.list(fields)
        if name not in self.objects:
            raise Refused(404, "NOT_FOUND", f"No such object: {bucket}/{name}")
        if kind == "delete":
            del self.objects[name]
            return 204, {}, b""
        if fields.get("alt") == "media":
            return {}, self.objects[name]
        return {"name": name, "bucket": bucket, "size": str(len(self.objects[name]))}

    def piece(self, handler, fields: dict, body: bytes):
        upload = self.uploads.get(fields["upload_id"])
        match = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", handler.headers.get("Content-Range", ""))
        if not upload or not match:
            raise Refused(400, "INVALID_ARGUMENT", "no upload of that name, or no range")
        first, last, total = map(int, match.groups())
        if first != len(upload["data"]) or last - first + 1 != len(body) or total != upload["size"]:
            raise Refused(400, "INVALID_ARGUMENT", "the range is not what is missing")
        if last + 1 < total and len(body) % GRANULARITY:
            raise Refused(400, "INVALID_ARGUMENT", "a piece is no multiple of the granularity")
        taken = len(body) // 2 // GRANULARITY * GRANULARITY if len(body) > LONG else len(body)
        upload["data"] += body[:taken]
        if len(upload["data"]) < total:
            return 308, {"Range": f"bytes=0-{len(upload['data']) - 1}"}, b""
        self.objects[upload["name"]] = upload["data"]
        return {"kind": "storage#object", "name": upload["name"], "bucket": BUCKET, "size": str(total)}

    def list(self, fields: dict):
        names = sorted(name for name in self.objects if name.startswith(fields.get("prefix", "")))
        start = int(fields.get("pageToken", 0))
        page = {"items": [{"name": name} for name in names[start:start + MOST_IN_PAGE]]}
        if start + MOST_IN_PAGE < len(names):
            page["nextPageToken"] = str(start + MOST_IN_PAGE)
        return page if page["items"] else {}

    # Vertex AI

    def create(self, place: str, fields: dict, body: dict, fault: str | None):
        check_query(fields, FIELDS["jobs"]["create"])
        check(body, "BatchPredictionJob")
        match = re.search(r"projects/([^/]+)/locations/([^/]+)$", place)
        if not match or match[2] not in ("global", "us", "eu"):
            raise Refused(400, "INVALID_ARGUMENT", "the model is not supported in this location")
        source, target = body["inputConfig"], body["outputConfig"]
        if source["instancesFormat"] != "jsonl" or target["predictionsFormat"] != "jsonl" or not body["displayName"]:
            raise Refused(400, "INVALID_ARGUMENT", "unsupported format")
        if body["model"] != "publishers/google/models/gemini-embedding-2":
            raise Refused(400, "INVALID_ARGUMENT", f"{body['model']} does not support batch prediction")
        (uri,) = source["gcsSource"]["uris"]
        identifier = str(7000 + len(self.jobs))
        self.jobs[identifier] = {**body, "name": f"projects/{NUMBER}/locations/{match[2]}/batchPredictionJobs/{identifier}",
                                 "state": "JOB_STATE_QUEUED", "lines": self.lines(uri)}
        if fault == "job-lost":
            return None
        if fault == "job-503":
            raise Refused(503, "UNAVAILABLE", "The service is overloaded.")
        return self.shown(self.jobs[identifier])

    def lines(self, uri: str) -> list:
        bucket, name = parts(uri)
        if bucket != BUCKET or name not in self.objects:
            raise Refused(400, "INVALID_ARGUMENT", f"{uri} does not exist")
        lines = [json.loads(line) for line in self.objects[name].decode().splitlines()]
        for line in lines:
            if set(line) != {"key", "request"}:
                raise Refused(400, "INVALID_ARGUMENT", "a line is no request")
            check({camel(key): {camel(inner): value for inner, value in item.items()} if key == "embed_content_config" else item
                   for key, item in line["request"].items()}, "EmbedContentRequest")
        if len({line["key"] for line in lines}) != len(lines):
            raise Refused(400, "INVALID_ARGUMENT", "keys stand twice")
        return lines

    def answer(self, line: dict) -> dict:
        request = line["request"]
        row = {"key": line["key"], "status": "", "processed_time": "2026-11-27T18:00:00.000+00:00", "request": request}
        try:
            if self.refuses:
                self.refuses = False
                raise Refused(400, "INVALID_ARGUMENT", "Unable to process the input of test-key-0123456789abcdef")
            item = content(request["content"], "gemini-embedding-2", self.state)
            wanted = dimension_of(request["embed_content_config"]["output_dimensionality"], FULL)
            values = self.vector(item, FULL if self.whole else wanted, self.state)
        except Refused as refused:
            status = {"code": 3, "message": refused.body["error"]["message"]}
            return {**row, "status": json.dumps(status), "response": {}}
        with self.state.lock:
            self.state.items += 1
        return {**row, "response": {"embedding": {"values": values}, "usageMetadata": {"promptTokenCount": 258}}}

    def end(self, job: dict, state: str, kept: int):
        if job["state"] not in ("JOB_STATE_QUEUED", "JOB_STATE_PENDING", "JOB_STATE_RUNNING"):
            return
        job["state"] = "JOB_STATE_" + state
        assert job["state"] in FIELDS["states"]
        lines = job["lines"] if state == "SUCCEEDED" else job["lines"][:kept]
        if not lines:
            return
        _, prefix = parts(job["outputConfig"]["gcsDestination"]["outputUriPrefix"])
        folder = f"{prefix}prediction-model-2026-11-27T18:00:00.000000Z/"
        answers = [json.dumps(self.answer(line)).encode() + b"\n" for line in reversed(lines)]
        middle = len(answers) // 2
        self.objects[folder + "predictions_000001.jsonl"] = b"".join(answers[middle:])
        self.objects[folder + "predictions_000002.jsonl"] = b"".join(answers[:middle])
        self.objects[folder + "done"] = b""
        job["outputInfo"] = {"gcsOutputDirectory": f"gs://{BUCKET}/{folder.rstrip('/')}"}

    def control(self, body: dict):
        if body["jobs"] == "lost":
            self.jobs.clear()
        for job in self.jobs.values():
            state = body["jobs"].upper()
            if state == "RUNNING" and job["state"] == "JOB_STATE_QUEUED":
                job["state"] = "JOB_STATE_RUNNING"
            elif state != "RUNNING":
                self.end(job, state, body.get("kept", 0))

    def shown(self, job: dict) -> dict:
        shown = {name: value for name, value in job.items() if name != "lines"}
        if job["state"] in ("JOB_STATE_FAILED", "JOB_STATE_EXPIRED"):
            shown["error"] = {"code": 13, "message": f"The batch has {job['state'].rsplit('_', 1)[1].lower()}."}
        return shown

    def page(self, fields: dict):
        check_query(fields, FIELDS["jobs"]["list"])
        match = re.fullmatch(r'display_name:"([a-z-]+)\*"', fields.get("filter", 'display_name:"*"'))
        if not match:
            raise Refused(400, "INVALID_ARGUMENT", "the filter is not valid")
        every = [self.shown(job) for job in self.jobs.values() if job["displayName"].startswith(match[1])]
        start = int(fields.get("pageToken", 0))
        page = {"batchPredictionJobs": every[start:start + MOST_IN_PAGE]}
        if start + MOST_IN_PAGE < len(every):
            page["nextPageToken"] = str(start + MOST_IN_PAGE)
        return page if every else {}
