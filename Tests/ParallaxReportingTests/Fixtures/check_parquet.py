#!/usr/bin/env python3
"""Reads table.parquet and vectors.parquet, which the program wrote, with pyarrow, pandas and DuckDB, and
compares them with the values of ParquetTests.swift. Run it when those bytes change on purpose.

Needs pyarrow, pandas, duckdb and numpy (26.0.1, 3.1.1, 2.0.1 and 2.4.6 read what is here).
"""

import datetime
import pathlib

import duckdb
import numpy
import pandas
import pyarrow.parquet

HERE = pathlib.Path(__file__).parent
DATE = datetime.date
COLUMNS = ["id", "n", "x", "ok", "day", "moment", "mixed", "list", 'a,"b"\n猫']
ROWS = [
    ("a", 9007199254740993, 1e-38, True, DATE(2024, 2, 29), "2024-02-29", "1", '["x", "y|z"]', 'say "x",\n\t猫🐈\x1b'),
    ("", -(2**63), -0.0, False, DATE(1, 1, 1), "2024-02-29T12:00:00Z", "n/a", None, ""),
    (None,) * 9,
    ("z", 2**63 - 1, 3.0, True, DATE(1969, 12, 31), None, "+5", "t", "\\N"),
    ("nan", 0, float("nan"), True, DATE(9999, 12, 31), None, "7", "[]", "NULL"),
    ("inf", 0, float("-inf"), True, DATE(1970, 1, 1), None, "7", None, "é"),
]

table = pyarrow.parquet.read_table(HERE / "table.parquet")
assert table.column_names == COLUMNS
types = ["string", "int64", "double", "bool", "date32[day]"] + ["string"] * 4
assert [str(field.type) for field in table.schema] == types
# repr tells -0.0 from 0.0, and one NaN is as good as another.
assert repr([tuple(row.values()) for row in table.to_pylist()]) == repr(ROWS)

path = HERE / "table.parquet"
assert repr(duckdb.sql(f"SELECT * FROM '{path}'").fetchall()) == repr(ROWS)

frame = pandas.read_parquet(path, dtype_backend="pyarrow")
for column, values in zip(COLUMNS, zip(*ROWS)):
    read = [None if value is pandas.NA else value for value in frame[column]]
    assert repr(read) == repr(list(values)), column

vectors = numpy.arange(12, dtype="f4").reshape(3, 4) / numpy.float32(7)
vectors[0, 1] = -0.0
path = HERE / "vectors.parquet"
frame = pandas.read_parquet(path)
assert numpy.stack(frame["vector"].to_list()).tobytes() == vectors.tobytes()
rows = duckdb.sql(f"SELECT * FROM '{path}'").fetchall()
assert numpy.array([row[2] for row in rows], dtype="f4").tobytes() == vectors.tobytes()
assert [row[:2] for row in rows] == [("a", "2020"), ("猫", None), ("c", "?")]
assert duckdb.sql(f"DESCRIBE SELECT vector FROM '{path}'").fetchall()[0][1] == "FLOAT[]"
print("pyarrow, pandas and DuckDB read what was written")
