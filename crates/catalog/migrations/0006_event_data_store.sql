-- Event data stores as they are now, those whose deletion is pending among them. Ids are never used again.
CREATE TABLE event_data_store (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    arn        TEXT    NOT NULL UNIQUE,
    account    TEXT    NOT NULL,
    region     TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    -- When a deleted one will be gone for good; null while it is not deleted.
    gone_at_ms BIGINT,
    version    BIGINT  NOT NULL,
    body       TEXT    NOT NULL,
    UNIQUE (account, region, name)
);

-- Every state an event data store has had, by the journal position from which it is in force. No body: gone.
CREATE TABLE event_data_store_revision (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    store_id       BIGINT  NOT NULL,
    effective_from BIGINT  NOT NULL,
    body           TEXT
);
CREATE INDEX event_data_store_revision_store ON event_data_store_revision (store_id, id);

-- The policies of event data stores, channels and dashboards, as they were submitted.
CREATE TABLE resource_policy (
    arn  TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
) WITHOUT ROWID;
