"""Writes the files in this folder with the C++ library of Apache ORC: `pip install pyarrow pyorc tzdata`, then `python make.py`.

Every value is computed from its row's number; `tests/other_writers.rs` computes the same.
"""

import datetime
import decimal
import zoneinfo

import pyarrow
import pyarrow.orc
import pyorc

ROWS = 60
SCHEMA = (
    "struct<a:int,s:string,d:decimal(20,4),ts:timestamp,ti:timestamp with local time zone,dt:date,"
    "u:uniontype<int,string>,l:array<struct<x:double,y:tinyint>>,m:map<string,bigint>,v:varchar(10)>"
)


def row(i):
    time = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=i * 8_640_001, microseconds=i * 1001)
    return (
        None if i % 7 == 0 else i * i * 1000 - 5000,
        None if i % 5 == 0 else f"s{i % 4}",
        decimal.Decimal(i * 12345 - 300000).scaleb(-4),
        time,
        time.replace(tzinfo=datetime.timezone.utc),
        datetime.date(1970, 1, 1) + datetime.timedelta(days=i * 100 - 3000),
        None if i % 11 == 0 else i if i % 3 == 0 else f"u{i}",
        None if i % 6 == 0 else [None if k == 2 else (k + 0.5, k) for k in range(i % 4)],
        {f"k{k}": i * k for k in range(i % 3)},
        f"v{i}",
    )


def with_pyorc(name, compression, zone, **options):
    with open(name, "wb") as file:
        with pyorc.Writer(file, SCHEMA, compression=compression, timezone=zoneinfo.ZoneInfo(zone), **options) as writer:
            writer.writerows(row(i) for i in range(ROWS))


def with_pyarrow(name, **options):
    rows = [row(i) for i in range(ROWS)]
    table = pyarrow.table({"a": pyarrow.array([r[0] for r in rows], pyarrow.int32()), "s": [r[1] for r in rows], "v": [r[9] for r in rows]})
    pyarrow.orc.write_table(table, name, **options)


with_pyorc("zlib-los-angeles.orc", pyorc.CompressionKind.ZLIB, "America/Los_Angeles")
with_pyorc("zstd-berlin.orc", pyorc.CompressionKind.ZSTD, "Europe/Berlin", dict_key_size_threshold=0.5, row_index_stride=10_000)
with_pyarrow("format-0.11.orc", file_version="0.11", compression="lz4", dictionary_key_size_threshold=0.5)
with_pyarrow("bloom.orc", compression="snappy", row_index_stride=10, bloom_filter_columns=[2], bloom_filter_fpp=0.01)
