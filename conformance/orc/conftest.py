"""The crate's tool, the table that travels, and a Java virtual machine."""

import os
import pathlib
import shutil
import subprocess

import pytest
import tables

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Tool:
    """`crates/orc/examples/orc.rs`, built by whoever runs the tests."""

    def __init__(self, path):
        self.path = path

    def run(self, *arguments, check=True):
        done = subprocess.run([self.path, *map(str, arguments)], capture_output=True, text=True, timeout=120)
        assert not check or done.returncode == 0, done.stderr
        return done

    def convert(self, source, target, *flags):
        self.run("convert", source, target, *flags)
        return target

    def count(self, source, predicate, *flags):
        """The rows that are read for a predicate, and the row groups that they lie in."""
        rows, groups = self.run("count", source, predicate, *flags).stdout.split()
        return int(rows), int(groups)


@pytest.fixture(scope="session")
def tool():
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    path = pathlib.Path(os.environ.get("ORC_TOOL", target / "debug" / "examples" / "orc"))
    assert path.exists(), f"{path} is missing; build it with `cargo build -p opentrail-orc --example orc`"
    return Tool(path)


@pytest.fixture(scope="session")
def table():
    return tables.table()


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    if shutil.which("java") is None:
        pytest.skip("Java is not installed: nothing of ours was held against Spark")
    from pyspark.sql import SparkSession

    # Hive's catalog, of which nothing outlives the tests.
    hive = tmp_path_factory.mktemp("hive")
    catalog = f"jdbc:derby:;databaseName={hive}/catalog;create=true"
    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.sql.catalogImplementation", "hive")
        .config("spark.sql.warehouse.dir", f"file://{hive}/warehouse")
        .config("spark.hadoop.javax.jdo.option.ConnectionURL", catalog)
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.extraJavaOptions", f"-Duser.timezone=UTC -Dderby.system.home={hive}")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
