"""A foreign oracle: compares one table of a SQLite file with one of PostgreSQL, cell by cell, and shares no code with Sluice.

Reads a JSON request from stdin and prints a JSON answer:
  {"store": FILE, "source": SELECT …, "kinds": [KIND, …], "target": {"command": [psql, …]} | {"file": FILE}}
Both sides give rows ordered by their first column, an integer. A line of the target is a JSON array of texts or nulls.
KIND says how two cells are brought to one form: a key of KINDS.
"""
import json
import sqlite3
import struct
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
SHOWN = 10


def microseconds(text):
    """ISO text with or without a zone (then UTC) as microseconds since 1970; '' is NULL."""
    if text == "":
        return None
    text = text.replace(" ", "T")
    if text.endswith("Z"):
        text = text[:-1] + "+00:00"
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return (moment - EPOCH) // timedelta(microseconds=1)


def tagged(value):
    """JSON as nested tuples in which 1, 1.0 and 1.10 keep their value and true is not 1."""
    if isinstance(value, dict):
        return ("object", tuple(sorted((key, tagged(item)) for key, item in value.items())))
    if isinstance(value, list):
        return ("array", tuple(tagged(item) for item in value))
    if isinstance(value, bool) or value is None:
        return ("word", str(value))
    if isinstance(value, (int, Decimal)):
        return ("number", Decimal(value))
    return ("string", value)


def parsed_json(text):
    # A surrogate pair written as two escapes is one character, as jsonb stores it.
    return tagged(json.loads(text, parse_float=Decimal))


def float32_list(text):
    return b"".join(struct.pack("<f", float(item)) for item in text.strip("[]").split(","))


def bits(number):
    return struct.pack(">d", float(number))


def own_bytes(value):
    """Bytes as they are, anything else as its text in UTF-8."""
    return value if isinstance(value, bytes) else str(value).encode()


def truth(value):
    """0 and 1, and the words that PostgreSQL's manual lists for boolean."""
    word = str(value).lower()
    if word in ("1", "t", "true", "y", "yes", "on"):
        return True
    if word in ("0", "f", "false", "n", "no", "off"):
        return False
    raise ValueError(value)


def decimal(value):
    return Decimal(value if isinstance(value, str) else repr(value))


# kind: (from SQLite's value, from PostgreSQL's text)
KINDS = {
    "integer": (int, int),
    "text": (str, str),
    "real": (float, float),
    "bits": (bits, bits),
    "decimal": (decimal, Decimal),
    # As numeric rounds: half away from zero.
    "cents": (lambda v: Decimal(repr(v)).quantize(Decimal("0.01"), ROUND_HALF_UP), Decimal),
    "boolean": (truth, lambda t: t == "true"),
    "bytes": (own_bytes, bytes.fromhex),
    "instant": (microseconds, int),
    "epoch-s": (lambda v: v * 1000000, int),
    "epoch-ms": (lambda v: v * 1000, int),
    # To the millisecond, as SQLite's own date functions keep them.
    "julian": (lambda v: round((v - 2440587.5) * 86400000) * 1000, int),
    "json": (parsed_json, parsed_json),
    "float32": (bytes, float32_list),
}


def source_rows(request):
    store = sqlite3.connect("file:%s?mode=ro" % request["store"], uri=True)
    readers = [KINDS[kind][0] for kind in request["kinds"]]
    for row in store.execute(request["source"]):
        yield [None if value is None else read(value) for read, value in zip(readers, row)]


def target_rows(request):
    readers = [KINDS[kind][1] for kind in request["kinds"]]
    for line in target_lines(request["target"]):
        yield [None if text is None else read(text) for read, text in zip(readers, json.loads(line))]


def target_lines(target):
    if "file" in target:
        with open(target["file"], encoding="utf-8") as lines:
            yield from lines
        return
    psql = subprocess.Popen(target["command"], stdout=subprocess.PIPE, encoding="utf-8")
    yield from psql.stdout
    if psql.wait() != 0:
        raise SystemExit("psql ended with %d" % psql.returncode)


def compare(request):
    counts = {"sourceRows": 0, "targetRows": 0, "missing": 0, "extra": 0, "different": 0}
    first = []

    def note(text):
        if len(first) < SHOWN:
            first.append(text[:400])

    source, target = source_rows(request), target_rows(request)
    a, b = next(source, None), next(target, None)
    while a is not None or b is not None:
        if b is None or (a is not None and a[0] < b[0]):
            counts["missing"] += 1
            note("missing: %s" % a[0])
            a = advance(source, counts, "sourceRows")
        elif a is None or b[0] < a[0]:
            counts["extra"] += 1
            note("extra: %s" % b[0])
            b = advance(target, counts, "targetRows")
        else:
            if a != b:
                counts["different"] += 1
                note("different: %s: %s" % (a[0], [(x, y) for x, y in zip(a, b) if x != y]))
            a = advance(source, counts, "sourceRows")
            b = advance(target, counts, "targetRows")
    return {**counts, "first": first}


def advance(rows, counts, counter):
    counts[counter] += 1
    return next(rows, None)


json.dump(compare(json.load(sys.stdin)), sys.stdout)
