#!/usr/bin/env python3
"""Writes the golden files beside this script from independent implementations.

Patterns come from bash (globstar, nocaseglob, dotglob), CSV rows from Python's csv module,
JSON from its json module, dates from datetime, code pages from its codecs.
Run: python3 make_goldens.py (Python 3.11 or later, bash 5). The random cases are seeded.

Escapes in the golden files: \\t \\n \\r \\\\ and \\0; cells are separated by tabs.
"""

import csv
import datetime
import io
import json
import os
import random
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def escaped(text):
    for plain, code in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"), ("\0", "\\0")):
        text = text.replace(plain, code)
    return text


def write(name, lines):
    with open(os.path.join(HERE, name), "w", encoding="utf-8", newline="") as out:
        out.writelines(line + "\n" for line in lines)


# Patterns.

FILES = """a.jpg b.JPG c.png d.jpeg e.txt noending x[1].jpg x1.jpg {y}.jpg -.jpg ].jpg !.jpg
dir/a.jpg dir/b.png dir/sub/a.jpg dir/sub/deep/c.jpg dir/sub/deep/z.PNG other/a.jpg other/dir/a.jpg
2023/01/m.jpg 2023/02/n.jpg 2024/01/o.jpg 2024/summer/p.webp .hidden/h.jpg .dot.jpg a.jpg.png
dirx/a.jpg xdir/a.jpg ab/c.jpg aXb.jpg axxb.jpg a-b.jpg""".split()

PATTERNS = r"""*.jpg **/*.jpg **/*.{jpg,png} **/*.{jp{e,}g,png} dir/** dir/**/*.jpg **/dir/*.jpg
**/dir/**/*.jpg **/a.[jJ]pg */*.jpg */*/*.jpg ** **/ * ?.jpg ??.jpg [a-c].* [!a-c].* [^a-c].*
[]].jpg [-].jpg [a-].jpg [!].jpg]* 202[34]/**/*.jpg 20{23,24}/*/*.{jpg,webp} **/[0-9][0-9]/* d*r/*
**dir/*.jpg dir**/*.jpg a**b.jpg ***.jpg x\[1].jpg x\[?\].jpg x[[]1[]].jpg \{y\}.* **/sub/**
*/**/*.jpg **/**/c.jpg dir/{a,sub/a,sub/**/c}.j*g **/*.J?G [A-C].jpg a[!x]b.jpg .*/* .*.jpg
**/h.jpg {dir,other}/**/a.*g {**/sub,ab}/*.jpg *.*.* dir/sub dir/sub/deep/*[cz].* **/d?r/a.jpg""".split()


def globs():
    with tempfile.TemporaryDirectory() as folder:
        for name in FILES:
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            open(path, "w").close()
        script = "shopt -s globstar nocaseglob nullglob dotglob\nIFS=\n"
        for pattern in PATTERNS:
            script += f"for f in {pattern}; do [ -f \"$f\" ] && printf '%s\\t' \"$f\"; done; echo\n"
        result = subprocess.run(
            ["bash"], input=script, cwd=folder, capture_output=True, text=True, check=True,
            env={**os.environ, "LC_ALL": "C"})
        assert not result.stderr, result.stderr
        lines = result.stdout.split("\n")[:-1]
        assert len(lines) == len(PATTERNS)
        write("globs.txt", ["\t".join(["files"] + sorted(FILES))] + [
            "\t".join([pattern] + sorted(set(line.split("\t")[:-1])))
            for pattern, line in zip(PATTERNS, lines)])


# Delimited text.

AWKWARD = (
    'name,caption,"quoted, header",note\r\n'
    'a.jpg,plain,1,x\r\n'
    '"b.jpg","two\r\nlines, with ""quotes""",2,\n'
    '\n'
    'c.jpg,"",3," kept blanks "\r\n'
    '\r\n'
    'd"e.jpg,in "the" middle,4,""""\r'
    '"tail"after,"x"" y"z,"",","\n'
    'é.jpg,日本語 🦜,5,"tab\there"\n'
    ',,,\n'
    '"multi\n\nline",end,6,last without line end')


def rows_of(text, delimiter):
    """Rows after the header with their first lines, padded and cut as the reader documents."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, line = [], 1
    for row in reader:
        if row:
            rows.append((line, row))
        line = reader.line_num + 1
    if not rows:
        return None
    width = len(rows[0][1])
    return [(line, (row + [""] * width)[:width]) for line, row in rows[1:]]


def strictness(text):
    """`!` where the last quote stays open, `?` where text follows a closing one, else `=`."""
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), strict=True):
            pass
    except csv.Error as error:
        return "!" if "end of data" in str(error) else "?"
    return "="


def golden_rows(text, delimiter):
    return ["\t".join([str(line)] + [escaped(cell) for cell in row])
            for line, row in rows_of(text, delimiter)]


def delimited():
    with open(os.path.join(HERE, "awkward.csv"), "w", encoding="utf-8", newline="") as out:
        out.write(AWKWARD)
    write("awkward.golden.txt", golden_rows(AWKWARD, ","))
    generator = random.Random(20240531)
    lines = []
    for _ in range(1500):
        alphabet = generator.choice(['a,"\n', 'ab,"\r\n', 'é,"" \n', ',\n\r', 'a";,\n'])
        text = "".join(generator.choice(alphabet) for _ in range(generator.randint(0, 24)))
        if rows_of(text, ",") is None:
            continue
        lines.append(strictness(text) + escaped(text))
        lines += golden_rows(text, ",")
    write("random-csv.golden.txt", lines)


# JSON.

OBJECTS = [
    {"file": "a.jpg", "year": 2024, "score": 0.5, "ok": True, "tags": ["x", {"y": None}]},
    {"file": "b.jpg", "year": -3, "score": 1e-7, "ok": False, "late": "日本 \"q\" \\ / \b\f\n\r\t"},
    {"late": "", "file": "c 🦜.jpg", "ok": None, "year": 9223372036854775807, "empty": {}},
]


def json_lines():
    lines = [json.dumps(OBJECTS[0]), json.dumps(OBJECTS[1], ensure_ascii=False),
             json.dumps(OBJECTS[2], separators=(",", ":"))]
    write("awkward.jsonl", lines)
    generator = random.Random(7)
    cases = []
    alphabet = '{}[]",:0123.eE+-tfn\\u d\t/'
    while len(cases) < 1500:
        text = list(generator.choice(lines[:2] + [
            '{"a": [1, 2.5e3, -0.0], "b": {"c": "\\u00e9"}}', '{"a":"\\ud83e\\udd9c","b":[[],{}]}', '{}']))
        for _ in range(generator.randint(0, 2)):
            position = generator.randrange(len(text) + 1)
            operation = generator.randrange(3)
            if operation == 0:
                text.insert(position, generator.choice(alphabet))
            elif position < len(text):
                text[position:position + 1] = [] if operation == 1 else generator.choice(alphabet)
        text = "".join(text)
        try:
            pairs = json.loads(text, object_pairs_hook=lambda pairs: ("object", pairs),
                               parse_constant=lambda name: 1 / 0)
            is_object = isinstance(pairs, tuple)
            if is_object and any(0xD800 <= ord(c) < 0xE000 for c in repr(pairs)):
                continue
            if is_object and "\\ud" in repr(pairs):
                continue
        except (ValueError, ZeroDivisionError):
            is_object = False
        cases.append(("ok" if is_object else "bad") + "\t" + escaped(text))
    write("random-json.golden.txt", cases)


# Dates and code pages.

def dates():
    generator = random.Random(1)
    lines = []
    for _ in range(300):
        moment = datetime.datetime(1, 1, 2) + datetime.timedelta(
            seconds=generator.randrange(9997 * 365 * 86400))
        minutes = generator.choice([0, 0, 60, -60, 330, -570, 840, -720])
        zone = datetime.timezone(datetime.timedelta(minutes=minutes))
        local = moment.replace(tzinfo=datetime.timezone.utc).astimezone(zone)
        lines.append(local.isoformat() + "\t" + moment.isoformat() + "Z")
    write("dates.golden.txt", lines)


def code_page():
    lines = []
    for byte in range(0x80, 0x100):
        try:
            character = bytes([byte]).decode("cp1252")
        except UnicodeDecodeError:
            character = chr(byte)  # WHATWG: unassigned bytes are C1 controls
        lines.append(f"{byte:02x}\t{ord(character):04x}")
    write("windows-1252.golden.txt", lines)


if __name__ == "__main__":
    globs()
    delimited()
    json_lines()
    dates()
    code_page()
