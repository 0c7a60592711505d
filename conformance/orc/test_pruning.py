"""A predicate leaves the same rows to read here and in the Java reader, which skips whole row groups."""

import pyarrow.orc
import pytest

# The predicate here, and how a search argument of the Java library is built for it.
PREDICATES = {
    "rising < 1700030000": lambda b, t, v: b.lessThan("rising", t.LONG, v(1_700_030_000)),
    "rising >= 1700060000": lambda b, t, v: (b.startNot().lessThan("rising", t.LONG, v(1_700_060_000)).end()),
    "rising = 1700045000": lambda b, t, v: b.equals("rising", t.LONG, v(1_700_045_000)),
    "rising = 1": lambda b, t, v: b.equals("rising", t.LONG, v(1)),
    "rising in (1700000300,1700072000)": lambda b, t, v: getattr(b, "in")(
        "rising", t.LONG, v(1_700_000_300), v(1_700_072_000)
    ),
    "word = 'GetObject'": lambda b, t, v: b.equals("word", t.STRING, "GetObject"),
    "word = 'absent'": lambda b, t, v: b.equals("word", t.STRING, "absent"),
    "unique = 'absent'": lambda b, t, v: b.equals("unique", t.STRING, "absent"),
    "flag is null": lambda b, t, v: b.isNull("flag", t.BOOLEAN),
    "rising is null": lambda b, t, v: b.isNull("rising", t.LONG),
    "double > 1e12": lambda b, t, v: b.startNot().lessThanEquals("double", t.FLOAT, 1e12).end(),
}


def java_rows(spark, path, build):
    """How many rows the Java reader hands out for a search argument."""
    jvm = spark.sparkContext._jvm
    reader = jvm.org.apache.orc.OrcFile.createReader(
        jvm.org.apache.hadoop.fs.Path(str(path)),
        jvm.org.apache.orc.OrcFile.readerOptions(jvm.org.apache.hadoop.conf.Configuration()),
    )
    kinds = jvm.org.apache.hadoop.hive.ql.io.sarg.PredicateLeaf.Type
    builder = jvm.org.apache.hadoop.hive.ql.io.sarg.SearchArgumentFactory.newBuilder()
    argument = build(builder.startAnd(), kinds, lambda number: jvm.java.lang.Long(number)).end().build()
    options = reader.options().searchArgument(argument, reader.getSchema().getFieldNames()).allowSARGToFilter(False)
    rows = reader.rows(options)
    batch = reader.getSchema().createRowBatch()
    total = 0
    while rows.nextBatch(batch):
        total += batch.size
    rows.close()
    return total


@pytest.fixture(scope="module")
def files(tool, table, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pruning")
    pyarrow.orc.write_table(
        table, folder / "cpp.orc", compression="zstd", bloom_filter_columns=[5, 6, 11, 12], bloom_filter_fpp=0.01
    )
    ours = tool.convert(folder / "cpp.orc", folder / "ours.orc", "--compression", "zstd", "--bloom", "rising,word,unique")
    return {"cpp": folder / "cpp.orc", "ours": ours}


@pytest.mark.parametrize("writer", ["ours", "cpp"])
@pytest.mark.parametrize("predicate", PREDICATES)
def test_the_same_row_groups_are_read(spark, tool, files, writer, predicate):
    found, _ = tool.count(files[writer], predicate)
    assert found == java_rows(spark, files[writer], PREDICATES[predicate])


def test_exact_reading_equals_a_filter(tool, files, table):
    expected = sum(1 for value in table.column("word").to_pylist() if value == "GetObject")
    found, _ = tool.count(files["ours"], "word = 'GetObject'", "--exact")
    assert found == expected
    assert expected > 0
