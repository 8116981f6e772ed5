"""How the services' requests are read and their replies written, for provider_server.py."""

import base64
import hashlib
import struct

PICTURES = (b"\xff\xd8", b"\x89P", b"RI")


class Refused(Exception):
    def __init__(self, status: int, code: str, message: str, details=()):
        super().__init__(message)
        self.status = status
        self.body = {"error": {"code": status, "message": message, "status": code, "details": list(details)}}


def picture(data: bytes, state) -> bytes:
    """The bytes of a picture that the services take."""
    if data[:2] not in PICTURES:
        raise Refused(400, "INVALID_ARGUMENT", "Unable to process input image.")
    if hashlib.sha256(data).hexdigest() in state.poison:
        raise Refused(400, "INVALID_ARGUMENT", "Unable to process input image. Please retry or report.")
    return data


def from_url(url: str, state) -> bytes:
    head, data = url.split(",", 1)
    if head not in ("data:image/jpeg;base64", "data:image/webp;base64"):
        raise Refused(400, "INVALID_ARGUMENT", f"unexpected data URL '{head}'")
    return picture(base64.b64decode(data, validate=True), state)


def allow(body: dict, *names: str):
    unknown = set(body) - set(names)
    if unknown:
        raise Refused(400, "INVALID_ARGUMENT", f'Invalid JSON payload received. Unknown name "{unknown.pop()}"')


def dimension_of(value, most: int) -> int:
    if not isinstance(value, int) or not 1 <= value <= most:
        raise Refused(400, "INVALID_ARGUMENT", f"the dimension must be from 1 to {most}")
    return value


# Each reads a request of its format: the items' bytes, with what marks them, and the dimension.


def content(given: dict, model: str, state) -> bytes:
    """The bytes of a Content: its parts together are one item."""
    joined = b""
    for part in given["parts"]:
        if "text" in part:
            joined += part["text"].encode()
            if hashlib.sha256(joined).hexdigest() in state.poison:
                raise Refused(400, "INVALID_ARGUMENT", "The text is blocked.")
            continue
        # Both spellings and both alphabets are taken, as by the service.
        data = part.get("inlineData") or part["inline_data"]
        if model == "gemini-embedding-001" or data.get("mimeType", data.get("mime_type")) != "image/jpeg":
            raise Refused(400, "INVALID_ARGUMENT", "Unable to process input image.")
        standard = data["data"].replace("-", "+").replace("_", "/")
        joined += picture(base64.b64decode(standard, validate=True), state)
    return joined


def read_vertex(path: str, body: dict, state):
    parts = path.split("/")
    if parts[-8::2] != ["projects", "locations", "publishers", "models"]:
        raise Refused(404, "NOT_FOUND", f"{path} is not found")
    allow(body, "content", "embedContentConfig")
    allow(body["embedContentConfig"], "outputDimensionality", "autoTruncate")
    model = parts[-1].split(":")[0]
    if model == "multimodalembedding@001":
        raise Refused(400, "INVALID_ARGUMENT", f"{model} is not supported in the embedContent API")
    dimension = dimension_of(body["embedContentConfig"]["outputDimensionality"], 3072)
    return [content(body["content"], model, state)], dimension


def read_predict(path: str, body: dict, state):
    allow(body, "instances", "parameters")
    if len(body["instances"]) != 1:
        raise Refused(400, "INVALID_ARGUMENT", "one instance a request")
    instance = body["instances"][0]
    allow(instance, "text", "image")
    if "image" in instance:
        item = picture(base64.b64decode(instance["image"]["bytesBase64Encoded"], validate=True), state)
    else:
        item = instance["text"].encode()
    if body["parameters"]["dimension"] not in (128, 256, 512, 1408):
        raise Refused(400, "INVALID_ARGUMENT", "dimension must be one of 128, 256, 512, 1408")
    return [item], body["parameters"]["dimension"]


def read_gemini(path: str, body: dict, state):
    model, verb = path.rsplit("/", 1)[-1].split(":")
    if verb != "batchEmbedContents" or model not in ("gemini-embedding-2", "gemini-embedding-001"):
        raise Refused(404, "NOT_FOUND", f"models/{model} is not found for API version v1beta")
    allow(body, "requests")
    if len(body["requests"]) > 100:
        raise Refused(400, "INVALID_ARGUMENT", "at most 100 requests can be in one batch")
    items, dimension = [], 3072
    for item in body["requests"]:
        allow(item, "model", "content", "outputDimensionality", "taskType", "title")
        if item.get("model") != f"models/{model}":
            raise Refused(400, "INVALID_ARGUMENT", "* BatchEmbedContentsRequest.requests[0].model: unexpected model")
        joined = content(item["content"], model, state)
        # The newer model ignores the field.
        mark = item.get("taskType", "") if model == "gemini-embedding-001" else ""
        items.append(mark.encode() + joined)
        dimension = dimension_of(item.get("outputDimensionality", 3072), 3072)
    return items, dimension


def read_voyage(path: str, body: dict, state):
    allow(body, "model", "inputs", "input_type", "truncation", "output_dimension", "output_dtype", "encoding_format")
    if body.get("input_type") not in (None, "query", "document"):
        raise Refused(400, "INVALID_ARGUMENT", "input_type is query or document")
    items = []
    for item in body["inputs"]:
        joined = (body.get("input_type") or "").encode()
        for part in item["content"]:
            joined += (part["text"].encode() if part["type"] == "text"
                       else from_url(part[part["type"]], state) if part["type"] == "image_base64" else None)
        items.append(joined)
    return items, dimension_of(body.get("output_dimension", 1024), 2048)


def read_cohere(path: str, body: dict, state):
    allow(body, "model", "input_type", "embedding_types", "output_dimension", "inputs")
    kinds = ("search_document", "search_query", "classification", "clustering", "image")
    if body.get("input_type") not in kinds or body.get("embedding_types") != ["float"]:
        raise Refused(400, "INVALID_ARGUMENT", "input_type and embedding_types are required")
    if len(body["inputs"]) > 96:
        raise Refused(400, "INVALID_ARGUMENT", "at most 96 inputs")
    items = []
    for item in body["inputs"]:
        joined = body["input_type"].encode()
        for part in item["content"]:
            joined += part["text"].encode() if part["type"] == "text" else from_url(part["image_url"]["url"], state)
        items.append(joined)
    return items, dimension_of(body.get("output_dimension", 1536), 2048)


def read_openai(path: str, body: dict, state):
    """Jina's objects, SGLang's objects, infinity's data URLs, vLLM's messages, and plain texts."""
    allow(body, "model", "input", "messages", "modality", "task", "dimensions", "embedding_type", "truncate",
          "encoding_format")
    mark, items = body.get("task", "").encode(), []
    if "messages" in body:
        joined = b""
        for part in body["messages"][0]["content"]:
            joined += part["text"].encode() if part["type"] == "text" else from_url(part["image_url"]["url"], state)
        return [joined], 64
    for item in body["input"]:
        if "prompt_string" in item and not isinstance(item, str):
            if item["prompt_string"].count(state.marker) != len(item["multimodal_data"]):
                raise Refused(400, "INVALID_ARGUMENT", "number of media markers does not match the media")
            pictures = [picture(base64.b64decode(data, validate=True), state) for data in item["multimodal_data"]]
            items.append(mark + b"".join(pictures) + item["prompt_string"].replace(state.marker, "").strip().encode())
        elif isinstance(item, str):
            items.append(mark + (from_url(item, state) if body.get("modality") == "image" else item.encode()))
        elif "text" in item:
            items.append(mark + item["text"].encode())
        else:
            items.append(mark + picture(base64.b64decode(item["image"], validate=True), state))
    return items, dimension_of(body.get("dimensions", 64), 2048)


def write_gemini(vectors, _):
    return {"embeddings": [{"values": values} for values in vectors],
            "usageMetadata": {"promptTokenCount": 258 * len(vectors)}}


def write_indexed(vectors, body):
    if body.get("encoding_format") == "base64":
        vectors = [base64.b64encode(struct.pack(f"{len(values)}f", *values)).decode() for values in vectors]
    # Out of order, as the index allows.
    data = [{"object": "embedding", "index": at, "embedding": values} for at, values in enumerate(vectors)]
    return {"object": "list", "data": data[::-1], "usage": {"total_tokens": len(vectors), "text_tokens": 1, "image_pixels": 1, "video_pixels": 0}}


def write_vertex(vectors, _):
    return {"embedding": {"values": vectors[0] if vectors else []}, "truncated": False,
            "usageMetadata": {"promptTokenCount": 258, "totalTokenCount": 258}}


def write_predict(vectors, body):
    kind = "imageEmbedding" if "image" in body["instances"][0] else "textEmbedding"
    return {"predictions": [{kind: values} for values in vectors], "deployedModelId": "1"}


def write_cohere(vectors, _):
    return {"id": "1", "embeddings": {"float": vectors}, "meta": {}}


FORMATS = [
    (":batchEmbedContents", read_gemini, write_gemini),
    (":embedContent", read_vertex, write_vertex),
    (":predict", read_predict, write_predict),
    ("/multimodalembeddings", read_voyage, write_indexed),
    ("/embed", read_cohere, write_cohere),
    ("/embeddings", read_openai, write_indexed),
]
