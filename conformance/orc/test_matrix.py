"""Ours read by others, others' read by ours: the same rows, bit for bit."""

import math

import pyarrow as pa
import pyarrow.orc
import pyarrow.parquet
import pytest

CODECS = ["none", "zlib", "snappy", "lz4", "zstd"]


def rows(table):
    """Columns of plain values; not-a-number equals itself, and maps are lists of pairs in a settled order."""

    def plain(value):
        if isinstance(value, float) and math.isnan(value):
            return "NaN"
        if isinstance(value, dict):
            return {key: plain(inner) for key, inner in value.items()}
        if isinstance(value, list):
            if value and all(isinstance(pair, tuple) for pair in value):
                return sorted((key, plain(inner)) for key, inner in value)
            return [plain(inner) for inner in value]
        return value

    columns = {}
    for name in table.column_names:
        column = table.column(name)
        if pa.types.is_timestamp(column.type):
            column = column.cast(pa.timestamp("ns", tz=column.type.tz)).cast(pa.int64())
        columns[name] = [plain(value) for value in column.to_pylist()]
    return columns


def assert_same(found, expected):
    found, expected = rows(found), rows(expected)
    assert list(found) == list(expected)
    for name, values in expected.items():
        for row, (one, other) in enumerate(zip(found[name], values, strict=True)):
            assert one == other, f"column {name}, row {row}"


def micros(table):
    """Spark keeps microseconds."""

    def cut(column):
        if not pa.types.is_timestamp(column.type):
            return column
        nanos = column.cast(pa.int64()).to_pylist()
        whole = [None if value is None else value // 1000 for value in nanos]
        return pa.array(whole, type=pa.int64()).cast(pa.timestamp("us", tz=column.type.tz))

    return pa.table({name: cut(table.column(name)) for name in table.column_names})


@pytest.fixture(scope="module")
def theirs(table, tmp_path_factory):
    """The table as the C++ writer writes it."""
    path = tmp_path_factory.mktemp("theirs") / "cpp.orc"
    pa.orc.write_table(table, path, compression="zstd", dictionary_key_size_threshold=0.8)
    return path


@pytest.fixture(scope="module")
def ours(tool, theirs, tmp_path_factory):
    """The table as we write it, by codec."""
    folder = tmp_path_factory.mktemp("ours")
    settings = ["--stripe-bytes", 400_000, "--bloom", "word,unique,big,place.name"]
    return {
        codec: tool.convert(theirs, folder / f"{codec}.orc", "--compression", codec, *settings) for codec in CODECS
    }


@pytest.mark.parametrize("codec", CODECS)
def test_the_cpp_reader_reads_ours(ours, table, codec):
    file = pa.orc.ORCFile(ours[codec])
    assert file.nstripes > 2 and file.nrows == table.num_rows
    assert file.file_version == "0.12" and file.row_index_stride == 10_000
    assert file.writer == "ORC_JAVA", "a registered writer"
    assert_same(file.read().cast(table.schema), table)


@pytest.mark.parametrize("codec", CODECS)
def test_pyorc_reads_ours(ours, table, codec):
    pyorc = pytest.importorskip("pyorc")
    with open(ours[codec], "rb") as file:
        reader = pyorc.Reader(file, struct_repr=pyorc.StructRepr.DICT)
        names = ["flag", "tiny", "medium", "big", "word", "unique", "blob", "day", "numbers", "pairs", "money"]
        expected = rows(table.select(names))
        for row, found in enumerate(reader):
            for name in names:
                assert found[name] == expected[name][row], f"column {name}, row {row}"
        assert row + 1 == table.num_rows
        words = reader[reader.schema.find_column_id("word")].statistics
        assert words["maximum"] == "사용자" and words["has_null"]


@pytest.mark.parametrize("codec", CODECS)
def test_spark_reads_ours(spark, ours, table, tmp_path, codec):
    spark.read.orc(str(ours[codec])).write.parquet(str(tmp_path / "copy"))
    found = pa.parquet.read_table(tmp_path / "copy")
    expected = micros(table)
    local = found.column("local").type
    assert pa.types.is_timestamp(local)
    found = found.set_column(
        found.schema.get_field_index("local"), "local", found.column("local").cast(expected.schema.field("local").type)
    )
    assert_same(found, expected)


@pytest.mark.parametrize("codec", CODECS)
def test_clickhouse_reads_ours(ours, table, codec):
    chdb = pytest.importorskip("chdb")
    # ClickHouse has no null for composites; what it has is compared.
    names = ["flag", "tiny", "small", "medium", "big", "rising", "single", "double", "word", "unique", "day", "money"]
    query = f"SELECT {', '.join(names)} FROM file('{ours[codec]}', ORC) ORDER BY rising"
    found = pa.Table.from_batches(chdb.query(query, "ArrowTable").to_batches())
    expected = table.select(names)
    assert_same(found.cast(expected.schema), expected)
    needle = table.column("unique").drop_null()[4321].as_py()
    counted = chdb.query(f"SELECT count() FROM file('{ours[codec]}', ORC) WHERE unique = '{needle}'", "CSV")
    assert str(counted).strip() == "1", "the bloom filter leads to it"


WRITERS = {
    "old version, run lengths of the first kind": {"file_version": "0.11", "compression": "zlib"},
    "dictionaries everywhere": {"dictionary_key_size_threshold": 1.0, "compression": "snappy"},
    "no dictionary": {"dictionary_key_size_threshold": 0.0, "compression": "lz4"},
    "small blocks and stripes": {"compression_block_size": 65_536, "stripe_size": 65_536, "compression": "zstd"},
    "uncompressed, bloom filters": {"compression": "uncompressed", "bloom_filter_columns": [11]},
}


@pytest.mark.parametrize("settings", WRITERS.values(), ids=WRITERS.keys())
def test_we_read_what_cpp_writes(tool, table, tmp_path, settings):
    pa.orc.write_table(table, tmp_path / "in.orc", **settings)
    copy = tool.convert(tmp_path / "in.orc", tmp_path / "out.orc", "--compression", "none")
    assert_same(pa.orc.read_table(copy).cast(table.schema), table)


SPARK_WRITERS = {
    "zstd": {"compression": "zstd"},
    "zlib, old version": {"compression": "zlib", "orc.write.format": "0.11"},
    "snappy, bloom filters": {"compression": "snappy", "orc.bloom.filter.columns": "word,unique"},
    "lz4, direct strings": {"compression": "lz4", "orc.dictionary.key.threshold": "0"},
    "small stripes": {"compression": "none", "orc.stripe.size": "65536", "orc.compress.size": "4096"},
}


@pytest.mark.parametrize("settings", SPARK_WRITERS.values(), ids=SPARK_WRITERS.keys())
def test_we_read_what_java_writes(spark, tool, ours, table, tmp_path, settings):
    # Not from the C++ writer's file: its nanoseconds before 1970 are negative, which the Java reader refuses.
    frame = spark.read.orc(str(ours["zstd"])).coalesce(1)
    frame.write.options(**settings).orc(str(tmp_path / "java"))
    (part,) = (tmp_path / "java").glob("part-*.orc")
    copy = tool.convert(part, tmp_path / "out.orc", "--compression", "zstd")
    expected = micros(table)
    found = pa.orc.read_table(copy)
    found = found.set_column(
        found.schema.get_field_index("local"), "local", found.column("local").cast(pa.timestamp("ns"))
    )
    assert_same(found, expected.cast(table.schema))


def test_we_read_the_types_that_only_pyorc_writes(tool, tmp_path):
    pyorc = pytest.importorskip("pyorc")
    schema = "struct<c:char(5),v:varchar(3),u:uniontype<bigint,string>,t:timestamp>"
    import datetime

    utc = datetime.timezone.utc
    written = [
        ("abc", "xyz", row if row % 2 else f"text {row}", datetime.datetime(1960 + row % 90, 7, 1, 12, 0, 0, row, utc))
        for row in range(12_345)
    ]
    with open(tmp_path / "in.orc", "wb") as file, pyorc.Writer(file, schema) as writer:
        writer.writerows(written)
    copy = tool.convert(tmp_path / "in.orc", tmp_path / "out.orc", "--compression", "zlib")
    with open(copy, "rb") as file:
        found = list(pyorc.Reader(file))
    assert [(c.rstrip(), v, u, t) for c, v, u, t in found] == written


def test_a_damaged_file_is_an_error_with_a_place(tool, ours, tmp_path):
    whole = bytearray(ours["zlib"].read_bytes())
    for at in range(10, len(whole), len(whole) // 40):
        broken = bytearray(whole)
        broken[at] ^= 0xFF
        (tmp_path / "broken.orc").write_bytes(broken)
        done = tool.run("count", tmp_path / "broken.orc", "all", check=False)
        assert done.returncode in (0, 1), f"byte {at}: {done.stderr}"
        places = ("stripe", "column", "footer", "postscript", "metadata")
        assert done.returncode == 0 or any(place in done.stderr for place in places), done.stderr
