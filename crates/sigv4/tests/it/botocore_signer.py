"""Signs random requests with botocore. Usage: botocore_signer.py SEED COUNT; prints one JSON object a line."""

import base64
import datetime
import io
import json
import random
import sys
from urllib.parse import quote

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.httpchecksum import AwsChunkedWrapper, Crc32Checksum

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
ODD = "abzAZ09-._~ !\"#$%&'()*+,/:;<=>?@[]^`{|}\t\u00e9\u1234\U0001f600"
QUERY_VALUE_SAFE = "-._~"


def text(rng, most, alphabet=ODD):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(0, most)))


def path(rng):
    segments = [rng.choice([text(rng, 8), text(rng, 4), ".", "..", ""]) for _ in range(rng.randint(0, 5))]
    return "/" + quote("/".join(segments), safe="/~")


def query(rng):
    pairs = [(text(rng, 5) or "k", text(rng, 8)) for _ in range(rng.randint(0, 4))]
    return "&".join(f"{quote(k, safe=QUERY_VALUE_SAFE)}={quote(v, safe=QUERY_VALUE_SAFE)}" for k, v in pairs)


def headers(rng):
    printable = "".join(chr(c) for c in range(32, 127))
    names = ["Content-Type", "X-Amz-Target", "X-Amz-Meta-Note", "Range", "If-Match", "Accept", "User-Agent"]
    chosen = rng.sample(names, rng.randint(0, 4))
    return {name: text(rng, 20, printable).strip() or "v" for name in chosen}


def sign(rng):
    now = datetime.datetime(2026, 1, 1) + datetime.timedelta(seconds=rng.randint(0, 300 * 86400))
    botocore.auth.get_current_datetime = lambda remove_tzinfo=True: now
    service = rng.choice(["s3", "s3", "cloudtrail", "cloudtrail-data", "sts", "execute-api"])
    region = rng.choice(["us-east-1", "eu-central-1", "ap-southeast-2"])
    token = rng.choice([None, None, text(rng, 200, "ABCxyz019+/=") + "=="])
    credentials = Credentials("AKIDEXAMPLE", SECRET, token)
    form = rng.choice(["header", "header", "presigned", "unsigned", "trailer"] if service == "s3" else ["header", "header", "presigned"])
    method = "GET" if form == "presigned" else rng.choice(["GET", "PUT", "POST", "DELETE", "HEAD"])
    body = b"" if form == "presigned" else rng.randbytes(rng.randint(0, 40000 if form == "trailer" else 300))
    scheme = "https" if form == "trailer" else "http"
    if form == "presigned":
        # botocore parses the query of a URL before it signs it, and keeps one value of each name.
        target, params = path(rng), {text(rng, 5) or "k": text(rng, 8) for _ in range(rng.randint(0, 3))}
    else:
        target, params = path(rng) + "?" + query(rng), {}
    url = f"{scheme}://localhost:7410{target}"
    request = AWSRequest(method=method, url=url, data=body, params=params, headers={} if form == "presigned" else headers(rng))
    wire_body = body
    if form == "unsigned":
        request.context["client_config"] = Config(s3={"payload_signing_enabled": False})
    if form == "trailer":
        request.context["checksum"] = {"request_algorithm": {"in": "trailer", "algorithm": "crc32", "name": "x-amz-checksum-crc32"}}
        request.headers["X-Amz-Trailer"] = "x-amz-checksum-crc32"
        request.headers["X-Amz-Decoded-Content-Length"] = str(len(body))
        request.headers["Content-Encoding"] = "aws-chunked"
        wire_body = AwsChunkedWrapper(io.BytesIO(body), Crc32Checksum, "x-amz-checksum-crc32", chunk_size=9000).read()
    expires = rng.randint(1, 604800)
    if form == "presigned":
        kind = botocore.auth.S3SigV4QueryAuth if service == "s3" else botocore.auth.SigV4QueryAuth
        kind(credentials, service, region, expires=expires).add_auth(request)
    else:
        kind = botocore.auth.S3SigV4Auth if service == "s3" else botocore.auth.SigV4Auth
        kind(credentials, service, region).add_auth(request)
    sent = [[name, value] for name, value in request.headers.items()]
    return {
        "method": request.method,
        "target": request.url.split("localhost:7410", 1)[1],
        "headers": sent + [["Host", "localhost:7410"]],
        "body": base64.b16encode(wire_body).decode().lower(),
        "decoded": base64.b16encode(body).decode().lower(),
        "form": form,
        "service": service,
        "region": region,
        "token": token,
        "now": now.strftime("%Y%m%dT%H%M%SZ"),
    }


def main():
    rng = random.Random(int(sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        print(json.dumps(sign(rng)))


main()
