-- Sessions that STS handed out while we looked on, so that later calls with their keys are told as theirs after a restart, too.
-- There is no secret in it.
CREATE TABLE recorded_session (
    access_key_id TEXT   NOT NULL PRIMARY KEY,
    -- Whose it is, as JSON.
    session       TEXT   NOT NULL,
    expires_at_ms BIGINT NOT NULL
);

CREATE INDEX recorded_session_end ON recorded_session (expires_at_ms);
