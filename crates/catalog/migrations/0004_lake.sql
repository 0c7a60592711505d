-- Stores of records: each belongs to one account.
CREATE TABLE store (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    UNIQUE (account, kind)
);

-- The segments of stores: each is an ORC file and its index in a folder of its store's day. What is not here is no part
-- of any store.
CREATE TABLE segment (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    store_id       BIGINT  NOT NULL REFERENCES store (id),
    -- YYYY-MM-DD, of the times of its records.
    day            TEXT    NOT NULL,
    -- The files' name without its ending.
    name           TEXT    NOT NULL UNIQUE,
    -- 1: recorded here, 2: imported.
    origin         BIGINT  NOT NULL,
    -- 1: live, 2: damaged.
    state          BIGINT  NOT NULL,
    records        BIGINT  NOT NULL,
    -- Of the records' own texts.
    record_bytes   BIGINT  NOT NULL,
    -- Of both files.
    file_bytes     BIGINT  NOT NULL,
    -- The least and the greatest time and journal position of its records.
    time_min_ms    BIGINT  NOT NULL,
    time_max_ms    BIGINT  NOT NULL,
    position_min   BIGINT  NOT NULL,
    position_max   BIGINT  NOT NULL,
    made_at_ms     BIGINT  NOT NULL,
    -- What the format knows of its own files, checksums among it: JSON.
    facts          TEXT    NOT NULL
);
CREATE INDEX segment_store ON segment (store_id, day);
