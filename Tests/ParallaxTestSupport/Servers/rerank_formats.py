"""How rerankers' requests are read and their replies written, for provider_server.py.

A score is a function of the question and the candidate alone, whatever its place.
"""

import base64
import hashlib
import json
import random
import re
import struct

from wire_formats import Refused, allow, from_url, picture


def refuse(message: str) -> Refused:
    return Refused(400, "INVALID_ARGUMENT", message)


def score(item: bytes) -> float:
    """From 0 to 1, as 32-bit numbers are."""
    value = random.Random(hashlib.sha256(item).digest()).random()
    return struct.unpack("f", struct.pack("f", value))[0]


def text(value, state) -> bytes:
    if not isinstance(value, str) or not value.strip():
        raise refuse("a document must be a text that is not blank")
    if hashlib.sha256(value.encode()).hexdigest() in state.poison:
        raise refuse("The text is blocked.")
    return value.encode()


def message(value, state) -> bytes:
    """A text, or vLLM's content parts."""
    if isinstance(value, str):
        return text(value, state)
    allow(value, "content")
    joined = b""
    for part in value["content"]:
        joined += text(part["text"], state) if part["type"] == "text" else from_url(part["image_url"]["url"], state)
    return joined


def jina_document(value, state) -> bytes:
    allow(value, "text", "image")
    if "text" in value:
        return text(value["text"], state)
    return picture(base64.b64decode(value["image"], validate=True), state)


def read_rerank(path: str, body: dict, state):
    model = body["model"]
    question, document = text, text
    if model.startswith("jina-reranker-"):
        allow(body, "model", "query", "documents", "top_n", "return_documents")
        document = jina_document if model == "jina-reranker-m0" else text
    elif model.startswith("rerank-v"):
        allow(body, "model", "query", "documents", "top_n", "max_tokens_per_doc", "priority")
    elif model.startswith("rerank-"):
        allow(body, "model", "query", "documents", "top_k", "truncation", "return_documents")
    else:
        allow(body, "model", "query", "documents", "top_n")
        if model != "text-only":
            question, document = message, message
    if not body["documents"]:
        raise refuse("documents must not be empty")
    asked = question(body["query"], state)
    return [asked + b"\0" + document(item, state) for item in body["documents"]], 0


def read_score(path: str, body: dict, state):
    allow(body, "model", "queries", "documents")
    asked = message(body["queries"], state)
    return [asked + b"\0" + message(item, state) for item in body["documents"]], 0


def write_rerank(scores, body):
    """Sorted by score, with the documents again where the service does that."""
    order = sorted(range(len(scores)), key=lambda at: -scores[at])
    entries = [{"index": at, "relevance_score": scores[at]} for at in order]
    if body["model"].startswith("rerank-") and not body["model"].startswith("rerank-v"):
        return {"object": "list", "data": entries, "model": body["model"], "usage": {"total_tokens": 1}}
    if "truncation" not in body and body.get("return_documents") is None:
        for entry in entries:
            document = body["documents"][entry["index"]]
            entry["document"] = {"text": document} if isinstance(document, str) else {"multi_modal": document["content"]}
    return {"id": "1", "model": body["model"], "results": entries, "usage": {"total_tokens": 1}}


def write_score(scores, body):
    data = [{"index": at, "object": "score", "score": value} for at, value in enumerate(scores)]
    return {"id": "1", "object": "list", "created": 1, "model": body["model"], "data": data, "usage": {}}


# A judge.


def read_judge(path: str, body: dict, state):
    allow(body, "contents", "systemInstruction", "generationConfig")
    config = body["generationConfig"]
    allow(config, "temperature", "maxOutputTokens", "responseMimeType", "responseJsonSchema", "mediaResolution",
          "thinkingConfig")
    if config["responseMimeType"] != "application/json" or "responseJsonSchema" not in config:
        raise refuse("a judge is asked with a schema")
    if "instructions that stand in them" not in body["systemInstruction"]["parts"][0]["text"]:
        raise refuse("a judge is told what is data")
    items, numbers, asked = [], [], b""
    for part in body["contents"][0]["parts"]:
        if "inlineData" in part:
            # Both alphabets are taken, as by the service.
            standard = part["inlineData"]["data"].replace("-", "+").replace("_", "/")
            data = picture(base64.b64decode(standard, validate=True), state)
        else:
            data = part["text"].encode()
            if label := re.fullmatch(rb"Candidate(?: (\d+))?:", data):
                items.append(asked + b"\0")
                numbers.append(int(label[1] or 1))
                continue
            # What a cell shows is not looked at here: it is its number.
            if label := re.fullmatch(rb"Candidates ([\d, ]+), the cells of this grid:", data):
                numbers += map(int, label[1].split(b", "))
                items += [asked + b"\0" + number for number in label[1].split(b", ")]
                continue
            # What stands behind a label is a JSON text: nothing in it can be taken for a label.
            if hashlib.sha256(data).hexdigest() in state.poison:
                raise refuse("The text is blocked.")
        if items:
            items[-1] += data
        else:
            asked += data
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        raise refuse("candidates are numbered from 1")
    body["judge"], body["numbers"] = state.judge, numbers
    return items, 0


def write_judge(scores, body):
    """By content, or the one that is shown first before all others."""
    numbers = body["numbers"]
    order = sorted(range(len(scores)), key=lambda at: numbers[at])
    if body["judge"] != "first":
        order.sort(key=lambda at: -scores[at])
    asked = next(iter(body["generationConfig"]["responseJsonSchema"]["properties"]))
    answer = {
        "grade": lambda: 3 if body["judge"] == "first" else int(scores[0] * 4),
        "ranking": lambda: [numbers[at] for at in order],
        "better": lambda: numbers[order[0]],
    }[asked]()
    parts = [{"text": "Let me see.", "thought": True}, {"text": json.dumps({asked: answer})}]
    return {"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP", "index": 0}],
            "usageMetadata": {"promptTokenCount": 300 * len(scores), "candidatesTokenCount": 5,
                              "thoughtsTokenCount": 2, "totalTokenCount": 300 * len(scores) + 7},
            "modelVersion": "test"}


RERANK_FORMATS = [
    (":generateContent", read_judge, write_judge),
    ("/rerank", read_rerank, write_rerank),
    ("/score", read_score, write_score),
]
