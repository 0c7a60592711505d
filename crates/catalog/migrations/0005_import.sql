-- Log files that were brought in, by their content: the same again changes nothing.
CREATE TABLE imported_file (
    account        TEXT    NOT NULL,
    -- Of the file as it was sent, in hexadecimal.
    sha256         TEXT    NOT NULL,
    name           TEXT    NOT NULL,
    bytes          BIGINT  NOT NULL,
    records        BIGINT  NOT NULL,
    imported       BIGINT  NOT NULL,
    duplicates     BIGINT  NOT NULL,
    rejected       BIGINT  NOT NULL,
    imported_at_ms BIGINT  NOT NULL,
    PRIMARY KEY (account, sha256)
) WITHOUT ROWID;

-- Where such a file came from, so that it needn't be fetched again to be known.
CREATE TABLE imported_source (
    account TEXT    NOT NULL,
    uri     TEXT    NOT NULL,
    etag    TEXT    NOT NULL,
    bytes   BIGINT  NOT NULL,
    sha256  TEXT    NOT NULL,
    PRIMARY KEY (account, uri)
) WITHOUT ROWID;
