"""The tables that travel: every type, nulls everywhere, from a seed."""

import datetime
import decimal
import random

import pyarrow as pa

ROWS = 25_000

SCHEMA = pa.schema(
    [
        ("flag", pa.bool_()),
        ("tiny", pa.int8()),
        ("small", pa.int16()),
        ("medium", pa.int32()),
        ("big", pa.int64()),
        ("rising", pa.int64()),
        ("single", pa.float32()),
        ("double", pa.float64()),
        ("money", pa.decimal128(18, 2)),
        ("wide", pa.decimal128(38, 10)),
        ("word", pa.string()),
        ("unique", pa.string()),
        ("blob", pa.binary()),
        ("day", pa.date32()),
        ("local", pa.timestamp("ns")),
        ("instant", pa.timestamp("ns", tz="UTC")),
        ("place", pa.struct([("code", pa.int64()), ("name", pa.string()), ("at", pa.struct([("lat", pa.float64())]))])),
        ("numbers", pa.list_(pa.int64())),
        ("pairs", pa.list_(pa.struct([("key", pa.string()), ("value", pa.int64())]))),
        ("labels", pa.map_(pa.string(), pa.string())),
    ]
)

WORDS = ["GetObject", "PutObject", "AssumeRole", "Décrire", "사용자", "", "a" * 300]
EPOCH = datetime.datetime(1970, 1, 1)


def table(seed: int = 7, rows: int = ROWS) -> pa.Table:
    """A table of `rows` rows. Every column has runs, jumps and nulls; `rising` is sorted and has none."""
    chance = random.Random(seed)
    # Whole stretches without values, so that some row groups have none at all.
    silent = {name: chance.randrange(3) for name in SCHEMA.names if chance.random() < 0.3}

    def column(name, make, nulls=0.15):
        group = silent.get(name)
        return [
            None if name != "rising" and (row // 10_000 == group or chance.random() < nulls) else make(row)
            for row in range(rows)
        ]

    def instant(_row):
        # From 1900 to 2100, whole seconds, milliseconds and nanoseconds.
        seconds = chance.randrange(-2_208_988_800, 4_102_444_800)
        nanos = chance.choice([0, 0, 5_000_000, 123_456_789, 999_999_999])
        return seconds * 1_000_000_000 + nanos

    def place(row):
        at = None if chance.random() < 0.3 else {"lat": row / 7}
        return {"code": chance.choice([None, row]), "name": chance.choice(WORDS), "at": at}

    makers = {
        "flag": lambda row: chance.random() < 0.5,
        "tiny": lambda row: chance.randrange(-128, 128),
        "small": lambda row: row % 100,
        "medium": lambda row: chance.choice([row, 5, -(2**31), 2**31 - 1]) if row % 50 == 0 else row,
        "big": lambda row: chance.choice([0, 1, -(2**63), 2**63 - 1]) if row % 97 == 0 else chance.randrange(-1000, 1000),
        "rising": lambda row: 1_700_000_000_000 + row * 3,
        "single": lambda row: chance.choice([0.0, -1.5, 3.25, float(row)]),
        "double": lambda row: chance.choice([0.0, -1e300, 2.5, row / 3]),
        "money": lambda row: decimal.Decimal(chance.randrange(-(10**17), 10**17)).scaleb(-2),
        "wide": lambda row: decimal.Decimal(chance.randrange(-(10**27), 10**27)).scaleb(-10),
        "word": lambda row: chance.choice(WORDS),
        "unique": lambda row: f"{chance.getrandbits(64):016x}-{row}",
        "blob": lambda row: chance.randbytes(row % 9),
        "day": lambda row: datetime.date(1900, 1, 1) + datetime.timedelta(days=chance.randrange(60_000)),
        "local": instant,
        "instant": instant,
        "place": place,
        "numbers": lambda row: [chance.choice([None, row, -row]) for _ in range(row % 4)],
        "pairs": lambda row: [{"key": chance.choice(WORDS), "value": chance.choice([None, 7])} for _ in range(row % 3)],
        "labels": lambda row: [(f"k{n}", chance.choice([None, "x", "사용자"])) for n in range(row % 3)],
    }
    arrays = []
    for field in SCHEMA:
        values = column(field.name, makers[field.name])
        if pa.types.is_timestamp(field.type):
            arrays.append(pa.array(values, type=pa.int64()).cast(field.type))
        else:
            arrays.append(pa.array(values, type=field.type))
    return pa.Table.from_arrays(arrays, schema=SCHEMA)
