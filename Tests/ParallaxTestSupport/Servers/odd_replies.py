"""Replies that no provider should give, for provider_server.py: each gets the reply as it would be and returns status,
headers and body."""

import gzip
import json
import zlib


def edited(change):
    """The reply with the numbers of its second item changed."""

    def odd(handler, reply):
        numbers = vectors_of(reply)
        change(numbers, 1 if len(numbers) > 1 else 0)
        return 200, {}, json.dumps(reply).encode()

    return odd


def entries_of(reply):
    """The list whose entries have an index."""
    return reply["data"] if "data" in reply else reply["results"]


def vectors_of(reply):
    """A list that can be assigned to, whose elements are those of the reply in the order of the items."""

    class View:
        def __init__(self, places):
            self.places = places

        def __len__(self):
            return len(self.places)

        def __getitem__(self, at):
            holder, key = self.places[at]
            return holder[key]

        def __setitem__(self, at, value):
            holder, key = self.places[at]
            holder[key] = value

    if "data" in reply or "results" in reply:
        entries = sorted(entries_of(reply), key=lambda item: item["index"])
        return View([(item, next(name for name in ("embedding", "relevance_score", "score") if name in item))
                     for item in entries])
    if "predictions" in reply:
        return View([(item, next(iter(item))) for item in reply["predictions"]])
    if "embedding" in reply:
        return View([(reply["embedding"], "values")])
    if "float" in reply["embeddings"]:
        return View([(reply["embeddings"]["float"], at) for at in range(len(reply["embeddings"]["float"]))])
    return View([(item, "values") for item in reply["embeddings"]])


def set_to(value):
    def change(numbers, at):
        numbers[at] = value

    return edited(change)


def first_number(value):
    def change(numbers, at):
        numbers[at] = [value] + numbers[at][1:] if isinstance(numbers[at], list) else value

    return edited(change)


def longer(handler, reply):
    numbers = vectors_of(reply)
    for at in range(len(numbers)):
        numbers[at] = numbers[at] + numbers[at][:7]
    return 200, {}, json.dumps(reply).encode()


def zeros(numbers, at):
    numbers[at] = [0.0] * len(numbers[at])


def nested(numbers, at):
    for each in range(len(numbers)):
        numbers[each] = [numbers[each]]


def per_token(numbers, at):
    numbers[at] = [numbers[at], numbers[at]]


def missing(handler, reply):
    entries_of(reply)[:] = [item for item in entries_of(reply) if item["index"] != 1]
    return 200, {}, json.dumps(reply).encode()


def same_index(handler, reply):
    for item in entries_of(reply):
        item["index"] = 0
    return 200, {}, json.dumps(reply).encode()


def beyond_index(handler, reply):
    entries_of(reply)[0]["index"] = len(entries_of(reply))
    return 200, {}, json.dumps(reply).encode()


def without_index(handler, reply):
    entries_of(reply).sort(key=lambda item: item.pop("index"))
    return 200, {}, json.dumps(reply).encode()


def bomb(handler, reply):
    """About 100 kB that unpack to 100 MB of numbers."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = pack.compress(b'{"data":[{"index":0,"embedding":[')
    for _ in range(100):
        body += pack.compress(b"0," * 500_000)
    return 200, {"Content-Encoding": "gzip"}, body + pack.compress(b"0]}]}") + pack.flush()


def echo(handler, reply):
    """A page that quotes the key where a short view of it would end."""
    key = handler.headers.get("x-goog-api-key") or handler.headers.get("Authorization", "").removeprefix("Bearer ")
    return 400, {"Content-Type": "text/plain"}, b"x" * 161 + key.encode() + b" is wrong " + key.upper().encode()


def judged(answers):
    """A judge's reply with another text: by what it was asked for, of the text that it would give."""

    def odd(handler, reply):
        part = reply["candidates"][0]["content"]["parts"][-1]
        given = json.loads(part["text"])
        asked = next(iter(given))
        part["text"] = json.dumps({asked: answers[asked](given[asked])})
        return 200, {}, json.dumps(reply).encode()

    return odd


def judged_in_words(handler, reply):
    reply["candidates"][0]["content"]["parts"] = [{"text": "I would say 3."}]
    return 200, {}, json.dumps(reply).encode()


def cut_judgement(handler, reply):
    reply["candidates"][0]["finishReason"] = "MAX_TOKENS"
    reply["candidates"][0]["content"]["parts"] = [{"text": '{"gra'}]
    return 200, {}, json.dumps(reply).encode()


def blocked_judgement(handler, reply):
    reply = {"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 9}}
    return 200, {}, json.dumps(reply).encode()


ODD = {
    "judge-beyond": judged({"grade": lambda _: 4, "ranking": lambda given: given + [99], "better": lambda _: 3}),
    "judge-double": judged({"grade": lambda _: 1.5, "ranking": lambda given: given + [1], "better": lambda _: "1"}),
    "judge-few": judged({"ranking": lambda given: given[:1]}),
    "judge-words": judged_in_words,
    "judge-cut": cut_judgement,
    "judge-blocked": blocked_judgement,
    "judge-nothing": lambda handler, reply: (200, {}, b'{"candidates": []}'),
    "null-one": set_to(None),
    "nan-one": first_number(float("nan")),
    "huge-one": first_number(1e39),
    "tiny-one": first_number(1e-50),
    "text-one": set_to("not base64!"),
    "zero-one": edited(zeros),
    "nested": edited(nested),
    "per-token": edited(per_token),
    "integers": first_number(3),
    "longer": longer,
    "missing-index": missing,
    "same-index": same_index,
    "without-index": without_index,
    "beyond-index": beyond_index,
    "above-one": first_number(1.5),
    "bomb": bomb,
    "echo": echo,
    "packed": lambda handler, reply: (200, {"Content-Encoding": "gzip"}, gzip.compress(json.dumps(reply).encode())),
    "error-in-200": lambda handler, reply: (200, {}, b'{"error": {"message": "upstream overloaded", "code": 503}}'),
    "refusal-in-200": lambda handler, reply: (200, {}, b'{"error": "model is gone"}'),
    "moved": lambda handler, reply: (308, {"Location": "https://bob:hunter2@elsewhere.example/v1?key=abcdefgh"}, b""),
    "long-head": lambda handler, reply: (200, {"X-Long": "x" * 10_000_000}, json.dumps(reply).encode()),
    "ms": lambda handler, reply: (429, {}, b'{"error": {"message": "Please retry in 211.5ms."}}'),
    "delay-parts": lambda handler, reply: (
        429, {}, b'[{"error": {"message": "x", "details": ["?", {"retryDelay": {"seconds": "0", "nanos": 2e8}}]}}]'),
    "524": lambda handler, reply: (524, {"Content-Type": "text/html"}, b"<html>A timeout occurred</html>"),
}
