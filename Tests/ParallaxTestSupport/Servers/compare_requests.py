"""Says how the last two requests that a server of the tests saw differ: ours first, then an official SDK's.

    compare_requests.py PORT

One line a difference. Spelling (camel or snake case), the order of keys, nulls and what a picture's bytes are do not count.
"""

import json
import re
import sys
import urllib.request


def camel(name: str) -> str:
    return re.sub("_([a-z])", lambda match: match[1].upper(), name)


def flat(value, path=""):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from flat(item, f"{path}.{camel(key)}")
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from flat(item, f"{path}[{at}]")
    elif value is not None:
        is_picture = isinstance(value, str) and value.endswith("…")
        yield path.lstrip("."), "a picture" if is_picture else value


def main():
    with urllib.request.urlopen(f"http://127.0.0.1:{sys.argv[1]}/control") as reply:
        ours, theirs = json.load(reply)["requests"][-2:]
    if ours["path"] != theirs["path"]:
        print(f"path: {ours['path']} | {theirs['path']}")
    for header in ("content-type", "x-goog-api-key", "authorization"):
        if ours["headers"].get(header) != theirs["headers"].get(header):
            print(f"header {header} differs")
    mine, other = dict(flat(ours["body"])), dict(flat(theirs["body"]))
    for key in sorted({**mine, **other}):
        if mine.get(key, "nothing") != other.get(key, "nothing"):
            print(f"{key}: {mine.get(key, 'nothing')} | {other.get(key, 'nothing')}")


if __name__ == "__main__":
    main()
