-- Channels, through which events from outside of AWS come. Ids are never used again.
CREATE TABLE channel (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    arn     TEXT    NOT NULL UNIQUE,
    account TEXT    NOT NULL,
    region  TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    source  TEXT    NOT NULL,
    version BIGINT  NOT NULL,
    body    TEXT    NOT NULL,
    UNIQUE (account, region, name),
    UNIQUE (account, region, source)
);

-- How a channel's latest events went.
CREATE TABLE channel_ingestion (
    channel_id       BIGINT NOT NULL PRIMARY KEY REFERENCES channel (id) ON DELETE CASCADE,
    success_at_ms    BIGINT,
    success_event_id TEXT,
    error_code       TEXT,
    attempt_at_ms    BIGINT NOT NULL,
    attempt_event_id TEXT
) WITHOUT ROWID;
