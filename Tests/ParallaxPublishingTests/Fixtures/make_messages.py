"""Messages of Milvus's service as its own client library writes them, in hexadecimal.

    python make_messages.py > messages.txt

Made with pymilvus 3.0.2 and protobuf 7.36.2. Replies have fields that nothing here reads.
"""

import json
import struct

from pymilvus.grpc_gen import common_pb2, milvus_pb2, schema_pb2

DATA = schema_pb2.DataType
ID = "01234567-89ab-8def-8123-456789abcdef"


def pairs(**values):
    return [common_pb2.KeyValuePair(key=key, value=str(values[key])) for key in sorted(values)]


def column(name, kind, nullable=True, **more):
    text = {"max_length": 65535} if kind == DATA.VarChar or more.get("element_type") == DATA.VarChar else {}
    if kind == DATA.Array:
        text["max_capacity"] = 4096
    return schema_pb2.FieldSchema(name=name, data_type=kind, type_params=pairs(**text), nullable=nullable, **more)


schema = schema_pb2.CollectionSchema(name="photos_base", description="published by Parallax")
schema.fields.extend(
    [
        schema_pb2.FieldSchema(
            name="point_id", is_primary_key=True, data_type=DATA.VarChar, type_params=pairs(max_length=36)
        ),
        column("item_id", DATA.VarChar, nullable=False),
        schema_pb2.FieldSchema(name="checksum", data_type=DATA.Int64),
        schema_pb2.FieldSchema(name="vector", data_type=DATA.FloatVector, type_params=pairs(dim=2)),
        column("meta_city", DATA.VarChar),
        column("like_meta_city", DATA.VarChar),
        column("meta_n", DATA.Int64),
        column("hex_7072696365206e6f77", DATA.Double),
        column("meta_ok", DATA.Bool),
        column("meta_tags", DATA.Array, element_type=DATA.VarChar),
    ]
)

upsert = milvus_pb2.UpsertRequest(collection_name="photos_base", num_rows=2)


def rows(name, kind, valid=None, **values):
    field = upsert.fields_data.add(type=kind, field_name=name, valid_data=valid or [])
    for slot, data in values.items():
        part = getattr(field.scalars, slot)
        part.SetInParent()
        part.data.extend(data)


rows("point_id", DATA.VarChar, string_data=[ID, ID[:-1] + "0"])
rows("item_id", DATA.VarChar, string_data=["a", "b"])
rows("checksum", DATA.Int64, long_data=[-1, 1 << 40])
vectors = upsert.fields_data.add(type=DATA.FloatVector, field_name="vector")
vectors.vectors.dim = 2
vectors.vectors.float_vector.data.extend([1, -0.5, 0, 3e-5])
rows("meta_city", DATA.VarChar, [True, False], string_data=["Zürich ÄB"])
rows("like_meta_city", DATA.VarChar, [True, False], string_data=["zürich Äb"])
rows("meta_n", DATA.Int64, [True, True], long_data=[0, -(1 << 63)])
rows("hex_7072696365206e6f77", DATA.Double, [False, False], double_data=[])
rows("meta_ok", DATA.Bool, [False, True], bool_data=[True])
rows("meta_tags", DATA.Array, [True, False])
tags = upsert.fields_data[-1].scalars.array_data
tags.element_type = DATA.VarChar
tags.data.add().string_data.data.extend(["x", "y"])

group = common_pb2.PlaceholderGroup()
group.placeholders.add(tag="$0", type=common_pb2.PlaceholderType.FloatVector, values=[struct.pack("<2f", 1, -0.5)])
search = milvus_pb2.SearchRequest(
    collection_name="photos_base",
    dsl='(meta_city is not null and (meta_city != "a\\"b"))',
    placeholder_group=group.SerializeToString(),
    dsl_type=common_pb2.DslType.BoolExprV1,
    output_fields=["item_id"],
    nq=1,
)
for key, value in {
    "anns_field": "vector",
    "topk": "26",
    "metric_type": "L2",
    "params": json.dumps({"ef": 100}, separators=(",", ":")),
    "round_decimal": "-1",
}.items():
    search.search_params.add(key=key, value=value)

hits = milvus_pb2.SearchResults(status=common_pb2.Status(reason=""), collection_name="photos_base")
hits.results.num_queries = 1
hits.results.top_k = 26
hits.results.topks.append(2)
hits.results.scores.extend([0, 5.75])
hits.results.ids.str_id.data.extend([ID, ID])
names = hits.results.fields_data.add(type=DATA.VarChar, field_name="item_id")
names.scalars.string_data.data.extend(["a", "ö"])

found = milvus_pb2.QueryResults(status=common_pb2.Status(), primary_field_name="point_id")
found.fields_data.extend([upsert.fields_data[0], upsert.fields_data[2], vectors])

described = milvus_pb2.DescribeCollectionResponse(
    status=common_pb2.Status(), schema=schema, collection_name="photos_base", shards_num=1
)
described.properties.extend(pairs(parallax='{"layout":1}', timezone="UTC"))

index = milvus_pb2.DescribeIndexResponse(status=common_pb2.Status())
index.index_descriptions.add(index_name="vector", state=common_pb2.IndexState.InProgress, pending_index_rows=7)

flush = milvus_pb2.FlushResponse(status=common_pb2.Status())
flush.coll_segIDs["photos_base"].data.extend([449, 450])
flush.coll_flush_ts["photos_base"] = 1 << 60

refusal = milvus_pb2.QueryResults(
    status=common_pb2.Status(error_code=4, code=100, reason="can't find collection", retriable=True)
)

for name, message in {
    "schema": schema,
    "upsert": upsert,
    "search": search,
    "hits": hits,
    "found": found,
    "described": described,
    "index": index,
    "flush": flush,
    "refusal": refusal,
}.items():
    print(name, message.SerializeToString(deterministic=True).hex())
