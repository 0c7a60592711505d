-- Trails as they are now. Ids are never used again: other tables keep them after a trail is gone.
CREATE TABLE trail (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    arn         TEXT    NOT NULL UNIQUE,
    account     TEXT    NOT NULL,
    version     BIGINT  NOT NULL,
    body        TEXT    NOT NULL
);
CREATE INDEX trail_account ON trail (account);

-- Every state a trail has had, by the journal position from which it is in force. No body: deleted.
CREATE TABLE trail_revision (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    trail_id       BIGINT  NOT NULL,
    effective_from BIGINT  NOT NULL,
    body           TEXT
);
CREATE INDEX trail_revision_trail ON trail_revision (trail_id, id);

-- Access keys. The secret and the session token are sealed with the master key.
CREATE TABLE access_key (
    id            TEXT   NOT NULL PRIMARY KEY,
    account       TEXT   NOT NULL,
    principal     TEXT   NOT NULL,
    secret        BLOB   NOT NULL,
    session_token BLOB,
    is_root       BOOLEAN NOT NULL,
    created_at_ms BIGINT NOT NULL
);

-- The Regions an account has called: multi-Region trails cover a Region from its first use.
CREATE TABLE region_seen (
    account          TEXT   NOT NULL,
    region           TEXT   NOT NULL,
    first_seen_at_ms BIGINT NOT NULL,
    PRIMARY KEY (account, region)
);
