-- Queries, until they are forgotten seven days after their start. Numbers grow and are never used again.
CREATE TABLE query (
    number          INTEGER PRIMARY KEY AUTOINCREMENT,
    id              TEXT    NOT NULL UNIQUE,
    account         TEXT    NOT NULL,
    region          TEXT    NOT NULL,
    statement       TEXT    NOT NULL,
    alias           TEXT,
    -- QUEUED, RUNNING, FINISHED, FAILED, CANCELLED, TIMED_OUT
    status          TEXT    NOT NULL,
    error           TEXT,
    created_at_ms   BIGINT  NOT NULL,
    -- What the run cost and gave.
    events_matched  BIGINT  NOT NULL,
    events_scanned  BIGINT  NOT NULL,
    bytes_scanned   BIGINT  NOT NULL,
    execution_ms    BIGINT  NOT NULL,
    row_count       BIGINT  NOT NULL,
    -- Where the result is delivered to, and how far that is: PENDING, SUCCESS, FAILED, …
    delivery_uri    TEXT,
    delivery_status TEXT
);
CREATE INDEX query_active ON query (status) WHERE status IN ('QUEUED', 'RUNNING');
CREATE INDEX query_alias ON query (account, region, alias, number) WHERE alias IS NOT NULL;
CREATE INDEX query_created ON query (created_at_ms);

-- The event data stores that a query reads.
CREATE TABLE query_store (
    store_arn    TEXT   NOT NULL,
    query_number BIGINT NOT NULL,
    PRIMARY KEY (store_arn, query_number)
) WITHOUT ROWID;
CREATE INDEX query_store_query ON query_store (query_number);
