"""A foreign oracle for whole stores: says what each value of a SQLite file should have become in PostgreSQL by simple rules of its own, and compares
that with what is there. Shares no code with Sluice; the types, converters and options are those of the plan.

Reads a JSON request from stdin and prints a JSON answer, a list of complaints:
  {"store": FILE, "options": {...}, "target": {"command": [psql, ...]} | {"file": FILE}, "tables": [{"from": NAME, "rowid": NAME | null, "columns": [
    {"from": NAME, "type": TEXT, "convert": NAME, "nullable": BOOL, "emptyIsNull": BOOL, "nullTokens": [TEXT], "mayRound": BOOL}], "rejects": [{"provenance", "column", "code"}],
    "counts": {"column: change": N}, "checks": [SQL] | null, "carriesChecks": BOOL, "keys": [[NAME]] | null}], "before": [LINE]}
  "convert" may be a list of rules {"when", "min", "max", "convert"}; "before" are lines of the target that were there before the run.
A line of the target is a JSON array in hexadecimal: position of the table, then the cells as texts or nulls.
"""
import json
import re
import sqlite3
import struct
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

EXACT = Context(prec=200000)
SHOWN = 5


class Refused(Exception):
    """The value has no place in a column of this type."""


class Invalid:
    """Text whose bytes are not UTF-8."""

    def __init__(self, raw):
        self.raw = raw


def read_text(raw):
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return Invalid(raw)


# --- numbers

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
PLAIN_INTEGER = re.compile(r"0|-?[1-9]\d{0,39}", re.ASCII)
BITS = {"smallint": 15, "integer": 31, "bigint": 63}


def real_text(value):
    """As people and JavaScript write a double, but 5.0 always shows that it is a real."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    digits = "".join(map(str, digits)).lstrip("0").rstrip("0") or "0"
    exponent = Decimal(repr(value)).adjusted() if value != 0 else 0
    minus = "-" if sign else ""
    if exponent >= 21 or exponent < -6:
        mantissa = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
        return "%s%se%s%d" % (minus, mantissa, "+" if exponent > 0 else "-", abs(exponent))
    if exponent < 0:
        return minus + "0." + "0" * (-exponent - 1) + digits
    whole = digits[: exponent + 1].ljust(exponent + 1, "0")
    return minus + whole + "." + (digits[exponent + 1 :] or "0")


def to_integer(value, column):
    if isinstance(value, float) and value == value and abs(value) != float("inf") and value == int(value):
        value = int(value)
    elif isinstance(value, str) and PLAIN_INTEGER.fullmatch(value):
        value = int(value)
    if not isinstance(value, int):
        raise Refused
    limit = 1 << BITS[column.type]
    if not -limit <= value < limit:
        raise Refused
    return str(value)


SPECIAL = {"nan": "nan", "inf": "inf", "+inf": "inf", "infinity": "inf", "+infinity": "inf", "-inf": "-inf", "-infinity": "-inf"}


def to_double(value, column):
    if isinstance(value, int):
        try:
            number = float(value)
        except OverflowError:
            raise Refused
        if int(number) != value:
            raise Refused
        column.count("integer as real")
    elif isinstance(value, float):
        number = value
    elif isinstance(value, str) and NUMBER.fullmatch(value):
        number = float(value)
        if abs(number) == float("inf"):
            raise Refused
        if Decimal(value) != Decimal(repr(number)):
            column.round()
    elif isinstance(value, str) and value.lower() in SPECIAL:
        number = float(SPECIAL[value.lower()])
    else:
        raise Refused
    if number != number:
        return "nan"
    return struct.pack(">d", number).hex()


def to_numeric(value, column):
    if isinstance(value, int):
        number = Decimal(value)
    elif isinstance(value, float):
        number = Decimal(repr(value))
    elif isinstance(value, str) and NUMBER.fullmatch(value):
        number = Decimal(value)
    else:
        raise Refused
    if not number.is_finite():
        if column.modifiers and not number.is_nan():
            raise Refused
        return str(number)
    if number.adjusted() >= 131072 or number.as_tuple().exponent < -16383:
        raise Refused
    if column.modifiers:
        precision, scale = (column.modifiers + [0])[:2]
        rounded = number.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP, EXACT)
        if rounded != 0 and rounded.adjusted() >= precision - scale:
            raise Refused
        if rounded != number:
            column.round()
        number = rounded
    return plain(number)


def plain(number):
    number = number.normalize(EXACT)
    return format(number, "f") if number != 0 else "0"


TRUE = {"1", "t", "true", "y", "yes", "on"}
FALSE = {"0", "f", "false", "n", "no", "off"}


def to_boolean(value, column):
    if isinstance(value, (int, float)) and value in (0, 1):
        return "true" if value == 1 else "false"
    if isinstance(value, str) and value.lower() in TRUE | FALSE:
        return "true" if value.lower() in TRUE else "false"
    raise Refused


# --- texts and bytes

def to_plain_text(value, column, numbers=True):
    if isinstance(value, bytes):
        if column.convert != "blob-text":
            raise Refused
        column.count("blob as text")
        value = read_text(value)
    if isinstance(value, Invalid):
        policy = column.options["invalidText"]
        if policy == "latin1":
            column.count("read as Latin-1")
            return value.raw.decode("latin-1")
        if policy == "replace":
            column.count("invalid bytes replaced")
            return value.raw.decode("utf-8", "replace")
        raise Refused
    if isinstance(value, float):
        value = real_text(value)
    elif isinstance(value, int):
        value = str(value)
    else:
        return value
    if numbers:
        column.count("number as text")
    return value


def to_text(value, column):
    text = to_plain_text(value, column)
    if "\0" in text:
        policy = column.options["nulBytes"]
        if policy not in ("strip", "replace"):
            raise Refused
        column.count("NUL stripped" if policy == "strip" else "NUL replaced")
        text = text.replace("\0", "" if policy == "strip" else "\ufffd")
    if column.modifiers and len(text) > column.modifiers[0]:
        raise Refused
    return text


def to_bytes(value, column):
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Invalid):
        column.count("invalid text kept as bytes" if column.options["invalidText"] == "bytea" else "text as bytes")
        return value.raw.hex()
    if isinstance(value, str):
        column.count("NUL kept as bytes" if column.options["nulBytes"] == "bytea" and "\0" in value else "text as bytes")
        return value.encode().hex()
    column.count("number as bytes")
    return (real_text(value) if isinstance(value, float) else str(value)).encode().hex()


UUID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


def to_uuid(value, column):
    if isinstance(value, bytes) and len(value) == 16:
        return value.hex()
    if isinstance(value, str) and UUID.fullmatch(value):
        return value.replace("-", "").lower()
    raise Refused


# --- dates and times: microseconds since 1970

DAY = 86400 * 10**6
TIME = r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?"
MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[ Tt]" + TIME + r"([Zz]|[+-]\d\d(?::?\d\d)?)?)?", re.ASCII)
CLOCK = re.compile(TIME, re.ASCII)
EARLIEST, LATEST = -210866803200 * 10**6, 9224318016000 * 10**6


def clock(hour, minute, second, fraction, column):
    if int(minute) > 59 or int(second or 0) > 59:
        raise Refused
    exact = Decimal("0." + (fraction or "0")) * 10**6
    micros = int(exact.to_integral_value(ROUND_HALF_UP))
    if micros != exact:
        column.round()
    return ((int(hour) * 60 + int(minute)) * 60 + int(second or 0)) * 10**6 + micros


def moment(value, column):
    if column.convert == "auto":
        return written_moment(value, column)
    if column.convert == "julian":
        return julian_moment(value, column)
    places = {"epoch-s": 6, "epoch-ms": 3, "epoch-us": 0}[column.convert]
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,19}", value, re.ASCII):
        value = int(value)
    if not isinstance(value, (int, float)) or value != value or value in (float("inf"), float("-inf")):
        raise Refused
    exact = Decimal(repr(value)).scaleb(places, EXACT)
    micros = int(exact.to_integral_value(ROUND_HALF_UP))
    if micros != exact:
        column.round()
    return bounded(micros)


def bounded(micros):
    if not EARLIEST <= micros < LATEST:
        raise Refused
    return micros


def julian_moment(value, column):
    if not isinstance(value, (int, float)) or value != value or value in (float("inf"), float("-inf")):
        raise Refused
    value = float(value)
    millis = round((value - 2451544.5) * 86400000)
    if (millis + 211813444800000) / 86400000 != value:
        column.round()
    return bounded((millis + 946684800000) * 1000)


def written_moment(value, column):
    if not isinstance(value, str):
        raise Refused
    if value.lower() in ("infinity", "-infinity"):
        return value.lower()
    found = MOMENT.fullmatch(value)
    if not found:
        raise Refused
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        days = date(int(year), int(month), int(day)).toordinal() - date(1970, 1, 1).toordinal()
    except ValueError:
        raise Refused
    micros = days * DAY
    if hour is not None:
        if int(hour) > 23:
            raise Refused
        micros += clock(hour, minute, second, fraction, column)
    if zone and zone not in "Zz":
        hours, minutes = int(zone[1:3]), int(zone[3:].replace(":", "") or 0)
        if hours > 15 or minutes > 59:
            raise Refused
        micros -= (1 if zone[0] == "+" else -1) * (hours * 60 + minutes) * 60 * 10**6
    return micros


def to_timestamp(value, column):
    return str(moment(value, column))


def to_date(value, column):
    micros = moment(value, column)
    if isinstance(micros, str):
        return micros
    if micros % DAY:
        raise Refused
    return str(micros // DAY)


def to_time(value, column):
    found = CLOCK.fullmatch(value) if isinstance(value, str) else None
    if not found:
        raise Refused
    micros = clock(*found.groups(), column)
    if micros > DAY or int(found[1]) > 24:
        raise Refused
    return str(micros)


# --- documents and vectors

def no_constant(word):
    raise ValueError(word)


def one_form(value):
    if isinstance(value, dict):
        return {key: one_form(item) for key, item in value.items()}
    if isinstance(value, list):
        return [one_form(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    return {"\0number": plain(Decimal(value))}


def repeated(text):
    found = []

    def pairs(items):
        found.append(len({key for key, _ in items}) < len(items))
        return dict(items)

    json.loads(text, object_pairs_hook=pairs)
    return any(found)


def json_form(text):
    return json.dumps(one_form(json.loads(text, parse_float=Decimal, parse_constant=no_constant)), sort_keys=True)


def to_json(value, column):
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise Refused
        value = real_text(value)
    else:
        value = to_plain_text(value, column, numbers=False)
    try:
        form = json_form(value)
    except (ValueError, RecursionError):
        raise Refused
    if repeated(value):
        column.count("duplicate keys")
    whole = json.dumps(json.loads(value, parse_float=str), ensure_ascii=False)
    if any(0xD800 <= ord(unit) < 0xE000 for unit in whole) or "\\u0000" in whole.replace("\\\\", ""):
        raise Refused
    return form


def to_vector(value, column):
    if isinstance(value, bytes) and column.convert != "json-text":
        if len(value) % 4:
            raise Refused
        numbers = struct.unpack("<%df" % (len(value) // 4), value)
    elif isinstance(value, str) and column.convert != "float32-blob":
        try:
            numbers = json.loads(value, parse_constant=no_constant)
        except ValueError:
            raise Refused
        if not isinstance(numbers, list) or any(isinstance(one, bool) or not isinstance(one, (int, float)) for one in numbers):
            raise Refused
    else:
        raise Refused
    if len(numbers) != column.modifiers[0]:
        raise Refused
    try:
        packed = struct.pack(">%df" % len(numbers), *numbers)
    except OverflowError:
        raise Refused
    singles = struct.unpack(">%df" % len(numbers), packed)
    if any(single != single or abs(single) == float("inf") for single in singles):
        raise Refused
    if any(single != number for single, number in zip(singles, numbers)):
        column.count("rounded")
    return packed.hex()


CONVERT = {
    **dict.fromkeys(BITS, to_integer),
    "double precision": to_double,
    "numeric": to_numeric,
    "boolean": to_boolean,
    "text": to_text,
    "varchar": to_text,
    "bytea": to_bytes,
    "uuid": to_uuid,
    "date": to_date,
    "time": to_time,
    "timestamp": to_timestamp,
    "timestamptz": to_timestamp,
    "jsonb": to_json,
    "vector": to_vector,
}


KINDS = {"integer": int, "real": float, "number": (int, float), "text": (str, Invalid), "blob": bytes, "any": object}


def is_for(rule, value):
    if not isinstance(value, KINDS[rule["when"]]):
        return False
    bounds = [int(rule[end]) if end in rule else None for end in ("min", "max")]
    if bounds == [None, None]:
        return True
    if not isinstance(value, (int, float)) or value != value:
        return False
    return (bounds[0] is None or value >= bounds[0]) and (bounds[1] is None or value <= bounds[1])


class Column:
    def __init__(self, given, options):
        name, _, modifiers = given["type"].rstrip(")").partition("(")
        self.name = given["to"]
        self.type = name.strip().lower()
        self.modifiers = [int(part) for part in modifiers.split(",")] if modifiers else []
        self.convert = given["convert"]
        self.nullable = given["nullable"]
        self.empty_is_null = given["emptyIsNull"]
        self.null_tokens = given["nullTokens"]
        self.rules = self.convert if isinstance(self.convert, list) else None
        self.may_round = given["mayRound"]
        self.options = options
        self.changes = []

    def count(self, change):
        self.changes.append("%s: %s" % (self.name, change))

    def round(self):
        if not self.may_round:
            raise Refused
        self.count("rounded")

    def expected(self, value):
        """As text, or None for NULL."""
        if value == "" and self.empty_is_null:
            self.count("empty as null")
            value = None
        elif isinstance(value, str) and value in self.null_tokens:
            self.count("null token")
            value = None
        if value is None:
            if not self.nullable:
                raise Refused
            return None
        if self.rules is not None:
            self.convert = next((rule["convert"] for rule in self.rules if is_for(rule, value)), None)
            if self.convert is None:
                raise Refused
        return CONVERT[self.type](value, self)

    def found(self, text):
        """The target's text in the same form."""
        if text is None:
            return None
        if self.type == "numeric":
            number = Decimal(text)
            return plain(number) if number.is_finite() else str(number)
        if self.type == "jsonb":
            return json_form(text)
        if self.type == "double precision" and int(text, 16) & 0x7FFFFFFFFFFFFFFF > 0x7FF0000000000000:
            return "nan"
        if self.type == "vector":
            numbers = [float(part) for part in text.strip("[]").split(",")]
            return struct.pack(">%df" % len(numbers), *numbers).hex()
        return text


def quote(name):
    return '"%s"' % name.replace('"', '""')


def breakers(store, table):
    """Places of rows that SQLite itself says break a CHECK; None where nothing can be told."""
    if table["checks"] is None or table["rowid"] is None:
        return None
    if not table["checks"]:
        return set()
    broken = "SELECT %s FROM %s WHERE NOT (%s)" % (
        table["rowid"], quote(table["from"]), " AND ".join("(%s)" % check for check in table["checks"]))
    return {"rowid %d" % place for (place,) in store.execute(broken)}


def key_of(row, columns, key):
    """What a unique index compares; None for rows that it lets through."""
    at = {column.name: i for i, column in enumerate(columns)}
    values = [row[at[name]] for name in key if name in at]
    if len(values) < len(key) or None in values:
        return None
    return tuple(without_sign_of_zero(columns[at[name]].type, value) for name, value in zip(key, values))


def without_sign_of_zero(type, value):
    """PostgreSQL and pgvector hold -0 and 0 for equal."""
    digits = {"double precision": 16, "vector": 8}.get(type)
    if digits is None:
        return value
    minus = "8" + "0" * (digits - 1)
    parts = [value[i:i + digits] for i in range(0, len(value), digits)]
    return "".join("0" * digits if part == minus else part for part in parts)


def unfounded(table, columns, expected, refusals, broken, loaded):
    """Complaints about rows that were turned away, or let in, without a reason that can be seen from outside."""
    said = []
    if table["keys"] is not None:
        taken = [{key_of(row, columns, key) for row in expected} - {None} for key in table["keys"]]
        for provenance, code, row in refusals:
            if code == "key-violated" and not any(key_of(row, columns, key) in own for key, own in zip(table["keys"], taken)):
                said.append("%s breaks no key and was set aside for one" % provenance)
    if broken is not None:
        said += ["%s breaks no CHECK and was refused" % where for where, code, _ in refusals if code == "server-refused" and where not in broken]
        if table["carriesChecks"]:
            said += ["%s breaks a CHECK and is in the target" % where for where in sorted(broken & loaded)]
    return said[:SHOWN]


def changes_of(missing, changed):
    """Changes in rows that are known by their content only; None where rows of the same content were changed differently."""
    gone = Counter()
    for row, times in missing.items():
        ways = changed[row]
        if not ways or any(way != ways[0] for way in ways):
            return None
        gone.update({change: count * times for change, count in ways[0].items()})
    return gone


def check_table(store, table, lines, before, options):
    columns = [Column(given, options) for given in table["columns"]]
    place = "NULL" if table["rowid"] is None else table["rowid"]
    names = [quote(given["from"]) for given in table["columns"]]
    rejected = Counter(reject["provenance"] for reject in table["rejects"])
    # These rows can be converted, but a key or a check of the target is against them.
    by_key = {reject["provenance"]: reject["code"] for reject in table["rejects"] if reject["code"] in ("server-refused", "key-violated", "orphan")}
    there = Counter(tuple(column.found(text) for column, text in zip(columns, cells)) for cells in before)
    expected, refused, changes = Counter(there), [], Counter()
    refusals, loaded, changed = [], set(), defaultdict(list)
    total = 0
    for place_value, *values in store.execute("SELECT %s FROM %s" % (", ".join([place] + names), quote(table["from"]))):
        total += 1
        provenance = None if table["rowid"] is None else "rowid %d" % place_value
        for column in columns:
            column.changes.clear()
        try:
            row = tuple(column.expected(value) for column, value in zip(columns, values))
        except Refused:
            refused.append(provenance)
            continue
        if provenance in by_key:
            refused.append(provenance)
            refusals.append((provenance, by_key[provenance], row))
            continue
        loaded.add(provenance)
        expected[row] += 1
        own = Counter(change for column in columns for change in column.changes)
        changed[row].append(own)
        changes.update(own)
    found = Counter(tuple(column.found(text) for column, text in zip(columns, cells)) for cells in lines)
    if table["rowid"] is None and by_key:
        # Which rows they are cannot be told without a rowid: as many may be missing, whatever they were.
        missing = expected - found
        if sum(missing.values()) == len(by_key):
            expected -= missing
            refused += [None] * len(by_key)
            gone = changes_of(missing, changed)
            changes = Counter(table["counts"]) if gone is None else changes - gone
    said = complaints(table, total + sum(there.values()), expected, found, refused, rejected, changes)
    said += unfounded(table, columns, expected, refusals, breakers(store, table), loaded)
    return ["%s: %s" % (table["from"], text) for text in said]


def complaints(table, total, expected, found, refused, rejected, changes):
    said = []
    if expected != found:
        said.append("missing %s, extra %s" % (list((expected - found).items())[:SHOWN], list((found - expected).items())[:SHOWN]))
    if len(refused) != sum(rejected.values()):
        said.append("%d rows have no place in the target, %d were rejected" % (len(refused), sum(rejected.values())))
    elif table["rowid"] is not None and Counter(refused) != rejected:
        said.append("rejected %s instead of %s" % (sorted(rejected)[:SHOWN], sorted(refused)[:SHOWN]))
    if total != sum(found.values()) + sum(rejected.values()):
        said.append("%d rows are not %d loaded + %d rejected" % (total, sum(found.values()), sum(rejected.values())))
    if dict(changes) != table["counts"]:
        said.append("changes %s instead of %s" % (table["counts"], dict(changes)))
    return said


def target_lines(target):
    if "file" in target:
        with open(target["file"], encoding="utf-8", newline="\n") as lines:
            return lines.read().split("\n")[:-1]
    psql = subprocess.run(target["command"], input=target["script"], stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return psql.stdout.split("\n")[:-1]


def main(request):
    store = sqlite3.connect("file:%s?mode=ro" % request["store"], uri=True)
    store.text_factory = read_text
    lines = by_table(request, target_lines(request["target"]))
    before = by_table(request, request["before"])
    return [text for i, table in enumerate(request["tables"]) for text in check_table(store, table, lines[i], before[i], request["options"])]


def by_table(request, lines):
    tables = [[] for _ in request["tables"]]
    for line in lines:
        at, *cells = json.loads(bytes.fromhex(line))
        tables[at].append(cells)
    return tables


sys.setrecursionlimit(10000)
json.dump(main(json.load(sys.stdin)), sys.stdout)
