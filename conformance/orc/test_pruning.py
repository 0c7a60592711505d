"""A predicate leaves the same rows to read here and in the Java reader, which skips whole row groups."""

import pyarrow.orc
import pytest

# The predicate here, and how a search argument of the Java library is built for it.
PREDICATES = {
    "rising < 1700000030000": lambda b, t, many: b.lessThan("rising", t.LONG, 1_700_000_030_000),
    "rising >= 1700000060000": lambda b, t, many: b.startNot().lessThan("rising", t.LONG, 1_700_000_060_000).end(),
    "rising = 1700000045000": lambda b, t, many: b.equals("rising", t.LONG, 1_700_000_045_000),
    "rising = 1700000000001": lambda b, t, many: b.equals("rising", t.LONG, 1_700_000_000_001),
    "rising = 1000000000000": lambda b, t, many: b.equals("rising", t.LONG, 1_000_000_000_000),
    "rising in (1700000000300,1700000072000)": lambda b, t, many: getattr(b, "in")(
        "rising", t.LONG, many(1_700_000_000_300, 1_700_000_072_000)
    ),
    "word = 'GetObject'": lambda b, t, many: b.equals("word", t.STRING, "GetObject"),
    "word = 'absent'": lambda b, t, many: b.equals("word", t.STRING, "absent"),
    "unique = 'absent'": lambda b, t, many: b.equals("unique", t.STRING, "absent"),
    "flag is null": lambda b, t, many: b.isNull("flag", t.BOOLEAN),
    "rising is null": lambda b, t, many: b.isNull("rising", t.LONG),
    # Not `>`: we keep what a NaN may hide in, which statistics don't know; the Java reader doesn't.
    "double < -1e301": lambda b, t, many: b.lessThan("double", t.FLOAT, -1e301),
}


def java_rows(spark, path, build):
    """How many rows the Java reader hands out for a search argument. (py4j passes numbers past 32 bits as `Long`.)"""
    from py4j.java_gateway import get_field

    jvm, gateway = spark.sparkContext._jvm, spark.sparkContext._gateway

    def array(of, values):
        made = gateway.new_array(of, len(values))
        for index, value in enumerate(values):
            made[index] = value
        return made

    reader = jvm.org.apache.orc.OrcFile.createReader(
        jvm.org.apache.hadoop.fs.Path(str(path)),
        jvm.org.apache.orc.OrcFile.readerOptions(jvm.org.apache.hadoop.conf.Configuration()),
    )
    kinds = jvm.org.apache.hadoop.hive.ql.io.sarg.PredicateLeaf.Type
    builder = jvm.org.apache.hadoop.hive.ql.io.sarg.SearchArgumentFactory.newBuilder().startAnd()
    argument = build(builder, kinds, lambda *values: array(jvm.java.lang.Object, values)).end().build()
    names = array(jvm.java.lang.String, list(reader.getSchema().getFieldNames()))
    rows = reader.rows(reader.options().searchArgument(argument, names).allowSARGToFilter(False))
    batch = reader.getSchema().createRowBatch()
    total = 0
    while rows.nextBatch(batch):
        total += get_field(batch, "size")
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
