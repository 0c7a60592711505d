-- The embedded S3: buckets, their settings, objects, multipart uploads.
-- Keys are BLOBs, so that they compare byte by byte, which is the order of S3 listings.

CREATE TABLE bucket (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    account    TEXT NOT NULL,
    region     TEXT NOT NULL,
    created_at INTEGER NOT NULL,            -- milliseconds since the Unix epoch
    policy     TEXT                         -- the resource policy as it was put, NULL when there is none
) STRICT;

CREATE INDEX bucket_by_account ON bucket (account, name);

-- One document of a bucket: its tags, encryption, public access block, ….
CREATE TABLE bucket_setting (
    bucket INTEGER NOT NULL REFERENCES bucket (id) ON DELETE CASCADE,
    name   TEXT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (bucket, name)
) STRICT, WITHOUT ROWID;

-- Every body file that something refers to. A file that is not here is an orphan.
CREATE TABLE body (
    id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE object (
    bucket        INTEGER NOT NULL REFERENCES bucket (id),
    key           BLOB NOT NULL,
    etag          TEXT NOT NULL,            -- without quotes
    size_bytes    INTEGER NOT NULL,
    modified_at   INTEGER NOT NULL,         -- milliseconds since the Unix epoch
    bodies        TEXT NOT NULL,            -- JSON list of {"id", "bytes"}, in order
    attributes    TEXT NOT NULL,            -- JSON: headers, user metadata, checksums, tags
    PRIMARY KEY (bucket, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE upload (
    id         TEXT PRIMARY KEY,
    bucket     INTEGER NOT NULL REFERENCES bucket (id),
    key        BLOB NOT NULL,
    started_at INTEGER NOT NULL,
    attributes TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX upload_by_key ON upload (bucket, key, id);

CREATE TABLE upload_part (
    upload      TEXT NOT NULL REFERENCES upload (id) ON DELETE CASCADE,
    number      INTEGER NOT NULL,
    etag        TEXT NOT NULL,
    size_bytes  INTEGER NOT NULL,
    modified_at INTEGER NOT NULL,
    body        TEXT NOT NULL,
    checksums   TEXT NOT NULL,              -- JSON
    PRIMARY KEY (upload, number)
) STRICT, WITHOUT ROWID;
