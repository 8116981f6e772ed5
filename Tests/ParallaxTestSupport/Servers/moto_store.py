"""Moto's S3 with the files of a folder in the bucket 'photos', for tests; needs moto[server] and boto3.

    moto_store.py FOLDER

Prints its port."""

import pathlib
import sys

# Nothing is written beside the sources.
sys.dont_write_bytecode = True

import boto3  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

folder = pathlib.Path(sys.argv[1])
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
host, port = server.get_host_and_port()
store = boto3.client(
    "s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1", aws_access_key_id="key", aws_secret_access_key="secret")
store.create_bucket(Bucket="photos")
for path in sorted(folder.rglob("*")):
    if path.is_file():
        store.put_object(Bucket="photos", Key=str(path.relative_to(folder)), Body=path.read_bytes())
print(port, flush=True)
# Ends with whoever started it.
sys.stdin.read()
