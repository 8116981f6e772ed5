"""Writes signatures.tsv: what botocore signs, for RequestSignatureTests. Needs botocore (made with 1.43).

Columns: host, path, query as it is sent, range header, session token, time, Authorization header."""

import datetime
import pathlib
from unittest import mock

import botocore
import botocore.auth
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ACCESS, SECRET, REGION = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "eu-central-1"
MOMENT = datetime.datetime(2026, 5, 31, 12, 0, 0)
CASES = [
    ("bucket.s3.eu-central-1.amazonaws.com", "/photos/1.jpg", "", "", ""),
    ("bucket.s3.eu-central-1.amazonaws.com", "/a%20b/%C3%A9%2Bx~_-.jpg", "", "bytes=0-1023", ""),
    ("127.0.0.1:9000", "/bucket", "encoding-type=url&list-type=2&prefix=a%20b%2Fc", "", "session+token/=="),
    ("storage.googleapis.com", "/bucket/a/../b//c.png", "", "", "t"),
    ("127.0.0.1:9000", "/bucket", "continuation-token=1%2B%2F%3D&encoding-type=url&list-type=2&prefix=", "bytes=0-9", "t"),
]


class Clock(datetime.datetime):
    @classmethod
    def utcnow(cls):
        return MOMENT

    @classmethod
    def now(cls, tz=None):
        return MOMENT.replace(tzinfo=tz)


rows = [f"# botocore {botocore.__version__}"]
for host, path, query, span, token in CASES:
    request = AWSRequest("GET", f"http://{host}{path}" + (f"?{query}" if query else ""))
    request.headers["Host"] = host
    if span:
        request.headers["Range"] = span
    with mock.patch.object(botocore.auth, "get_current_datetime", lambda *a, **k: MOMENT, create=True), \
            mock.patch.object(botocore.auth.datetime, "datetime", Clock) if hasattr(botocore.auth, "datetime") else mock.MagicMock():
        S3SigV4Auth(Credentials(ACCESS, SECRET, token or None), "s3", REGION).add_auth(request)
    assert request.context["timestamp"] == "20260531T120000Z", request.context
    rows.append("\t".join([host, path, query, span, token, "20260531T120000Z", request.headers["Authorization"]]))
pathlib.Path(__file__).with_name("signatures.tsv").write_text("\n".join(rows) + "\n")
