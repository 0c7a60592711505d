"""pyarrow: the C++ ORC reader and writer, on one core."""

import datetime
import os

import pyarrow
import pyarrow.compute as compute
import pyarrow.acero  # loaded now, not in the first round
from pyarrow import orc

from . import questions
from .measure import files, serve_verbs

pyarrow.set_cpu_count(1)


def stripes(lake, columns):
    """Each stripe as a batch, as our own reader gives them: no more than one in memory."""
    for path in files(lake):
        if path.suffix == ".orc":
            file = orc.ORCFile(path)
            for number in range(file.nstripes):
                yield file.read_stripe(number, columns=columns)


def group(lake, columns, keep):
    counts = {}
    for batch in stripes(lake, columns):
        table = pyarrow.Table.from_batches([batch])
        table = table.filter(keep(table)) if keep else table
        for row in table.group_by("eventName", use_threads=False).aggregate([([], "count_all")]).to_pylist():
            counts[row["eventName"]] = counts.get(row["eventName"], 0) + row["count_all"]
    return sorted(map(list, counts.items()), key=lambda row: row[0] or "")


def late_and_ec2(table, middle):
    time = table["eventTime"]
    late = compute.greater_equal(time, pyarrow.scalar(middle, time.type))
    return compute.and_(late, compute.equal(table["eventSource"], "ec2.amazonaws.com"))


def sessions(lake):
    found = 0
    for batch in stripes(lake, ["userIdentity.arn"]):
        arns = compute.struct_field(batch["userIdentity"], "arn")
        found += compute.sum(compute.match_like(arns, "%-delta/%")).as_py() or 0
    return [[found]]


def scan(lake, name, middle, rounds):
    middle = datetime.datetime.fromisoformat(middle)
    scans = {
        "3 columns, filter": lambda: group(lake, ["eventTime", "eventSource", "eventName"], lambda table: late_and_ec2(table, middle)),
        "userIdentity.arn": lambda: sessions(lake),
        "GROUP BY eventName": lambda: group(lake, ["eventName"], None),
        "all columns": lambda: sum(batch.num_rows for batch in stripes(lake, None)),
    }
    return questions.timed(scans[name], rounds)


BLOOM = {"eventID", "userIdentity.arn", "userIdentity.accessKeyId", "sourceIPAddress", "requestID", "eventName"}


def columns(fields, prefix=""):
    """The names of all columns in ORC's order, so that a column's index there is its place here, but for the root's."""
    for field in fields:
        name = prefix + field.name
        yield name
        inner = field.type
        if pyarrow.types.is_struct(inner) or pyarrow.types.is_list(inner):
            yield from columns([inner.field(number) for number in range(inner.num_fields)], name + ".")
        elif pyarrow.types.is_map(inner):
            yield from columns([inner.key_field, inner.item_field], name + ".")


def write(lake, out, rows, rounds):
    """Writes rows that are in memory to an ORC file, as our writer is asked to, with zstd at the level that we use. It makes no
    dictionaries unless told to; that is the faster way."""
    batches, count = [], 0
    for batch in stripes(lake, None):
        batches.append(batch.slice(0, rows - count))
        count += batches[-1].num_rows
        if count == rows:
            break
    table = pyarrow.Table.from_batches(batches)
    bloom = [number for number, name in enumerate(columns(table.schema), 1) if name in BLOOM]

    def one():
        orc.write_table(
            table, out, compression="zstd", compression_strategy="compression", stripe_size=64 << 20,
            compression_block_size=256 << 10, bloom_filter_columns=bloom, bloom_filter_fpp=0.01,
        )

    seen = questions.timed(one, rounds)
    size = os.path.getsize(out)
    os.remove(out)
    return {**seen, "rows": table.num_rows, "bytes": size}


if __name__ == "__main__":
    serve_verbs({"scan": scan, "write": write})
