"""Writes the Parquet files of RowsTest. Needs pyarrow (26.0.1 wrote them): python make_parquet.py"""
import pyarrow as pa
import pyarrow.parquet as pq

rows = [
    {"prompt": {"text": "Once upon a time", "toxicity": 0.25}, "n": 1, "ok": True,
     "chosen": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]},
    {"prompt": {"text": "It was late", "toxicity": None}, "n": 2, "ok": False,
     "chosen": [{"role": "user", "content": "Bye"}]},
    {"prompt": None, "n": 3, "ok": None, "chosen": []},
]
message = pa.struct([("role", pa.string()), ("content", pa.string())])
schema = pa.schema([
    ("prompt", pa.struct([("text", pa.string()), ("toxicity", pa.float64())])),
    ("n", pa.int64()), ("ok", pa.bool_()), ("chosen", pa.list_(message)),
])
table = pa.Table.from_pylist(rows, schema=schema)
for codec in ["none", "snappy", "gzip", "zstd", "lz4"]:  # lz4 is not read
    pq.write_table(table, f"{codec}.parquet", compression=codec, row_group_size=2)
