-- Copies of log files into event data stores, until they are forgotten seven days after their end. Numbers grow and are never used again.
CREATE TABLE import (
    number             INTEGER PRIMARY KEY AUTOINCREMENT,
    id                 TEXT    NOT NULL UNIQUE,
    account            TEXT    NOT NULL,
    region             TEXT    NOT NULL,
    store_arn          TEXT    NOT NULL,
    -- The source as it was named.
    location_uri       TEXT    NOT NULL,
    bucket_region      TEXT    NOT NULL,
    role_arn           TEXT    NOT NULL,
    -- Files of this time only; null: no bound.
    start_ms           BIGINT,
    end_ms             BIGINT,
    -- INITIALIZING, IN_PROGRESS, FAILED, STOPPED, COMPLETED
    status             TEXT    NOT NULL,
    created_at_ms      BIGINT  NOT NULL,
    updated_at_ms      BIGINT  NOT NULL,
    -- Grows with each retry: what an earlier run still says is not heard.
    run                BIGINT  NOT NULL,
    -- All keys up to this one were dealt with; failed ones are in import_failure.
    after_key          TEXT,
    -- Whether there is no key behind it.
    is_listed          BOOLEAN NOT NULL,
    prefixes_found     BIGINT  NOT NULL,
    prefixes_completed BIGINT  NOT NULL,
    files_completed    BIGINT  NOT NULL,
    events_completed   BIGINT  NOT NULL
);
CREATE INDEX import_active ON import (account, region) WHERE status IN ('INITIALIZING', 'IN_PROGRESS');

-- What could not be copied.
CREATE TABLE import_failure (
    number        INTEGER PRIMARY KEY AUTOINCREMENT,
    import_number BIGINT  NOT NULL,
    -- The key of a file, or the prefix that could not be listed.
    key           TEXT    NOT NULL,
    is_prefix     BOOLEAN NOT NULL,
    -- FAILED, RETRY, SUCCEEDED
    status        TEXT    NOT NULL,
    error_type    TEXT    NOT NULL,
    error_message TEXT    NOT NULL,
    updated_at_ms BIGINT  NOT NULL,
    UNIQUE (import_number, key, is_prefix)
);
