"""Writes google_fields.json: what the discovery documents of Vertex AI and Cloud Storage say of the requests that jobs need.

    pip install google-api-python-client==2.202.0
    python3 make_google_fields.py > google_fields.json
"""

import json
import pathlib

import googleapiclient

FOLDER = pathlib.Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
PREFIX = "GoogleCloudAiplatformV1beta1"
SCHEMAS = ["BatchPredictionJob", "BatchPredictionJobInputConfig", "BatchPredictionJobOutputConfig", "GcsSource",
           "GcsDestination", "EmbedContentRequest", "EmbedContentRequestEmbedContentConfig"]


def document(name: str) -> dict:
    return json.loads((FOLDER / name).read_text())


def method(described: dict) -> dict:
    parameters = described["parameters"]
    return {"method": described["httpMethod"], "path": described["path"],
            "query": sorted(name for name in parameters if parameters[name]["location"] == "query")}


vertex, storage = document("aiplatform.v1beta1.json"), document("storage.v1.json")
jobs = vertex["resources"]["projects"]["resources"]["locations"]["resources"]["batchPredictionJobs"]["methods"]
objects = storage["resources"]["objects"]["methods"]
fields = {}
for schema in SCHEMAS:
    properties = vertex["schemas"][PREFIX + schema]["properties"]
    fields[schema] = {name: properties[name].get("$ref", "").removeprefix(PREFIX) for name in sorted(properties)
                      if not properties[name].get("readOnly")}
print(json.dumps({
    "revisions": {"aiplatform": vertex["revision"], "storage": storage["revision"]},
    "schemas": fields,
    "states": vertex["schemas"][PREFIX + "BatchPredictionJob"]["properties"]["state"]["enum"],
    "jobs": {name: method(jobs[name]) for name in ("cancel", "create", "get", "list")},
    "objects": {name: method(objects[name]) for name in ("delete", "get", "insert", "list")},
    "upload": objects["insert"]["mediaUpload"]["protocols"]["simple"]["path"],
    "global": sorted(storage["parameters"]),
}, indent=1))
