-- How far each product has read the journal.
CREATE TABLE cursor (
    product  TEXT   NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL
);

-- Log files that lie in the staging folder, or are delivered and wait for their digest. Ids grow with age.
CREATE TABLE log_file (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    trail_id            BIGINT NOT NULL,
    trail_arn           TEXT   NOT NULL,
    account             TEXT   NOT NULL,
    region              TEXT   NOT NULL,
    bucket              TEXT   NOT NULL,
    key                 TEXT   NOT NULL,
    kms_key_id          TEXT,
    -- The chain whose digests list it; none while log file validation was off.
    chain_started_at_ms BIGINT,
    -- Of the uncompressed JSON, in hexadecimal.
    sha256              TEXT   NOT NULL,
    records             BIGINT NOT NULL,
    oldest_event_at_ms  BIGINT NOT NULL,
    newest_event_at_ms  BIGINT NOT NULL,
    oldest_arrived_at_ms BIGINT NOT NULL,
    staged_name         TEXT   NOT NULL UNIQUE,
    staged_at_ms        BIGINT NOT NULL,
    attempts            BIGINT NOT NULL DEFAULT 0,
    first_failed_at_ms  BIGINT,
    next_attempt_at_ms  BIGINT NOT NULL,
    delivered_at_ms     BIGINT,
    UNIQUE (bucket, key)
);
CREATE INDEX log_file_pending ON log_file (trail_id, id) WHERE delivered_at_ms IS NULL;
CREATE INDEX log_file_unsealed ON log_file (trail_arn, account, region, chain_started_at_ms)
    WHERE chain_started_at_ms IS NOT NULL;

-- Digest chains, and the newest digest of each.
CREATE TABLE digest_chain (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    trail_id       BIGINT  NOT NULL,
    trail_arn      TEXT    NOT NULL,
    account        TEXT    NOT NULL,
    region         TEXT    NOT NULL,
    is_backfill    BOOLEAN NOT NULL,
    -- The trail's `chain_started_at`; 0 for the one backfill chain.
    started_at_ms  BIGINT  NOT NULL,
    -- The end of the newest digest: the next window begins here.
    end_at_ms      BIGINT  NOT NULL,
    -- No more digests will follow.
    is_closed      BOOLEAN NOT NULL DEFAULT FALSE,
    last_bucket    TEXT,
    last_key       TEXT,
    last_sha256    TEXT,
    last_signature TEXT,
    UNIQUE (trail_arn, account, region, is_backfill, started_at_ms)
);

-- Digests that are signed and not yet delivered.
CREATE TABLE digest (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    trail_id            BIGINT  NOT NULL,
    trail_arn           TEXT    NOT NULL,
    account             TEXT    NOT NULL,
    region              TEXT    NOT NULL,
    bucket              TEXT    NOT NULL,
    key                 TEXT    NOT NULL,
    kms_key_id          TEXT,
    -- The object's bytes, compressed.
    body                BLOB    NOT NULL,
    signature           TEXT    NOT NULL,
    -- When a backfill digest was made; none for a regular one.
    backfilled_at_ms    BIGINT,
    sealed_at_ms        BIGINT  NOT NULL,
    attempts            BIGINT  NOT NULL DEFAULT 0,
    first_failed_at_ms  BIGINT,
    next_attempt_at_ms  BIGINT  NOT NULL,
    UNIQUE (bucket, key)
);
CREATE INDEX digest_trail ON digest (trail_id, id);

-- Keys that sign digests, by Region. Public parts stay for ever; private parts are sealed with the master key.
CREATE TABLE signing_key (
    region        TEXT   NOT NULL,
    fingerprint   TEXT   NOT NULL,
    public_key    BLOB   NOT NULL,
    private_key   BLOB   NOT NULL,
    valid_from_ms BIGINT NOT NULL,
    valid_to_ms   BIGINT NOT NULL,
    PRIMARY KEY (region, fingerprint)
);

-- What GetTrailStatus tells of deliveries, by the Region that delivers.
CREATE TABLE trail_status (
    trail_id                     BIGINT NOT NULL REFERENCES trail (id) ON DELETE CASCADE,
    region                       TEXT   NOT NULL,
    latest_delivery_at_ms        BIGINT,
    latest_delivery_error        TEXT,
    latest_attempt_at_ms         BIGINT,
    latest_attempt_succeeded_at_ms BIGINT,
    latest_digest_delivery_at_ms BIGINT,
    latest_digest_delivery_error TEXT,
    PRIMARY KEY (trail_id, region)
);
