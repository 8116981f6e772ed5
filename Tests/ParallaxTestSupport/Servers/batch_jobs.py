"""The Gemini API's files and asynchronous batches of embeddings, for provider_server.py.

A job stays pending until POST /control says {"jobs": STATE}: "running", or how all that are under way end: "succeeded",
"failed", "cancelled", "expired"; "lost" where they are there no more. Answers stand in another order than the requests, as the service's may. {"kept": N} has
those that fail answer the first N of their requests all the same.
"""

import json
import re
import urllib.parse

from wire_formats import Refused, content, dimension_of

FILES, MOST_JOBS, MOST_IN_PAGE = re.compile(r"files/[A-Za-z0-9_-]+"), 100, 2
GRANULARITY = 256 * 1024


class Jobs:
    def __init__(self, state, vector):
        self.state, self.vector = state, vector
        self.uploads, self.files, self.jobs, self.refuses = {}, {}, {}, False

    def serves(self, path: str) -> bool:
        return bool(re.search(r"/(upload|download)/|/batches|:asyncBatchEmbedContent", path))

    def serve(self, handler, method: str, body: bytes, fault: str | None):
        """The status, headers and body of the reply."""
        path, _, query = handler.path.partition("?")
        fields = dict(urllib.parse.parse_qsl(query))
        if "/upload/" in path:
            return self.upload(handler, fields, body)
        if "/download/" in path:
            return self.download(path, fields)
        if path.endswith(":asyncBatchEmbedContent"):
            return self.create(path, json.loads(body), fault)
        name = "batches/" + path.split("/batches", 1)[1].lstrip("/").removesuffix(":cancel")
        if name == "batches/":
            return self.page(fields)
        if name not in self.jobs:
            raise Refused(404, "NOT_FOUND", f"{name} is not found")
        if path.endswith(":cancel"):
            if method != "POST":
                raise Refused(404, "NOT_FOUND", "use POST")
            self.end(self.jobs[name], "CANCELLED", 0)
            return {}
        return self.shown(self.jobs[name])

    def upload(self, handler, fields: dict, body: bytes):
        command = handler.headers.get("X-Goog-Upload-Command")
        if command == "start":
            if handler.headers["X-Goog-Upload-Protocol"] != "resumable" or "display_name" not in json.loads(body)["file"]:
                raise Refused(400, "INVALID_ARGUMENT", "not a resumable upload of a named file")
            identifier = f"upload-{len(self.uploads)}"
            size = int(handler.headers["X-Goog-Upload-Header-Content-Length"])
            self.uploads[identifier] = {"size": size, "data": b"", "kind": handler.headers["X-Goog-Upload-Header-Content-Type"]}
            host = handler.headers["Host"]
            return {"X-Goog-Upload-URL": f"http://{host}/upload/v1/files?upload_id={identifier}"}, {}
        upload = self.uploads[fields["upload_id"]]
        if int(handler.headers["X-Goog-Upload-Offset"]) != len(upload["data"]):
            raise Refused(400, "INVALID_ARGUMENT", "the offset is not where the last piece ended")
        upload["data"] += body
        if command == "upload":
            if len(body) % GRANULARITY:
                raise Refused(400, "INVALID_ARGUMENT", "a piece is no multiple of the granularity")
            return {"X-Goog-Upload-Status": "active"}, {}
        if len(upload["data"]) != upload["size"] or upload["kind"] != "application/jsonl":
            raise Refused(400, "INVALID_ARGUMENT", "the file is not what was announced")
        name = f"files/in{len(self.files)}"
        self.files[name] = upload["data"]
        return {"X-Goog-Upload-Status": "final"}, {"file": {"name": name, "sizeBytes": str(upload["size"])}}

    def create(self, path: str, body: dict, fault: str | None):
        if len([each for each in self.jobs.values() if not each["done"]]) >= MOST_JOBS:
            raise Refused(429, "RESOURCE_EXHAUSTED", "too many batches")
        model = path.rsplit("/", 1)[1].split(":")[0]
        batch = body["batch"]
        data = self.files[batch["inputConfig"]["fileName"]]
        name = f"batches/job{len(self.jobs)}"
        lines = [json.loads(line) for line in data.decode().splitlines()]
        for line in lines:
            if set(line) != {"key", "request"} or not set(line["request"]) <= {"content", "output_dimensionality", "task_type"}:
                raise Refused(400, "INVALID_ARGUMENT", "a line is no request")
        if len({line["key"] for line in lines}) != len(lines):
            raise Refused(400, "INVALID_ARGUMENT", "keys stand twice")
        self.jobs[name] = {"name": name, "displayName": batch["displayName"], "state": "PENDING", "done": False,
                           "model": model, "lines": lines, "file": None}
        if fault == "job-lost":
            return None
        if fault == "job-503":
            raise Refused(503, "UNAVAILABLE", "The service is overloaded.")
        return self.shown(self.jobs[name])

    def answer(self, line: dict, model: str) -> dict:
        request = line["request"]
        try:
            if self.refuses:
                self.refuses = False
                raise Refused(400, "INVALID_ARGUMENT", "Unable to process the input of test-key-0123456789abcdef")
            mark = request.get("task_type", "") if model == "gemini-embedding-001" else ""
            item = mark.encode() + content(request["content"], model, self.state)
            values = self.vector(item, dimension_of(request["output_dimensionality"], 3072), self.state)
        except Refused as refused:
            return {"key": line["key"], "error": refused.body["error"]}
        with self.state.lock:
            self.state.items += 1
        return {"key": line["key"], "response": {"tokenCount": "1", "embedding": {"values": values}}}

    def end(self, job: dict, state: str, kept: int):
        if job["done"]:
            return
        lines = job["lines"] if state == "SUCCEEDED" else job["lines"][:kept]
        job.update(state=state, done=True)
        if lines:
            job["file"] = f"files/out{len(self.files)}"
            answers = [self.answer(line, job["model"]) for line in reversed(lines)]
            self.files[job["file"]] = b"".join(json.dumps(each).encode() + b"\n" for each in answers)

    def control(self, body: dict):
        if body["jobs"] == "lost":
            self.jobs.clear()
        for job in self.jobs.values():
            state = body["jobs"].upper()
            if state == "RUNNING" and not job["done"]:
                job["state"] = state
            elif state != "RUNNING":
                self.end(job, state, body.get("kept", 0))

    def shown(self, job: dict) -> dict:
        operation = {"name": job["name"], "metadata": {"displayName": job["displayName"], "state": "BATCH_STATE_" + job["state"],
                                                       "batchStats": {"requestCount": str(len(job["lines"]))}}}
        if job["done"]:
            operation["done"] = True
            if job["state"] in ("FAILED", "EXPIRED"):
                operation["error"] = {"code": 13, "message": f"The batch has {job['state'].lower()}."}
            if job["file"] and job["state"] == "SUCCEEDED":
                operation["response"] = {"responsesFile": job["file"]}
            elif job["file"]:
                operation["metadata"]["output"] = {"responsesFile": job["file"]}
        return operation

    def page(self, fields: dict):
        start = int(fields.get("pageToken", 0))
        every = [self.shown(job) for job in self.jobs.values()]
        page = {"operations": every[start:start + MOST_IN_PAGE]}
        if start + MOST_IN_PAGE < len(every):
            page["nextPageToken"] = str(start + MOST_IN_PAGE)
        return page

    def download(self, path: str, fields: dict):
        name = path.split("/download/", 1)[1].split("/", 1)[1].removesuffix(":download")
        if not FILES.fullmatch(name) or fields.get("alt") != "media" or name not in self.files:
            raise Refused(404, "NOT_FOUND", "no such file")
        return {}, self.files[name]
