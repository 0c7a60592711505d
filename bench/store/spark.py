"""Spark, where it is installed: questions over our ORC files."""

import importlib.util
import shutil

from . import questions
from .measure import CORES, serve_verbs


def is_there():
    return importlib.util.find_spec("pyspark") is not None and shutil.which("java") is not None


def ask(lake, statements, rounds):
    """Answers all statements, so many rounds of each. The CPU's time is not known: Java's process does the work."""
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master(f"local[{CORES}]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.memory", "4g")
        .config("spark.sql.shuffle.partitions", str(CORES))
        .config("spark.driver.extraJavaOptions", "-Duser.timezone=UTC")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    session.read.option("pathGlobFilter", "*.orc").orc(str(lake)).createOrReplaceTempView("events")
    answers = [questions.timed(lambda: [list(row) for row in session.sql(text).collect()], rounds) for text in statements]
    session.stop()
    return {"answers": answers}


if __name__ == "__main__":
    serve_verbs({"ask": ask})
