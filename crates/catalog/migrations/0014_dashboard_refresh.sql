-- How the latest refresh of each dashboard went, CloudTrail's own among them.
CREATE TABLE dashboard_refresh (
    dashboard_arn   TEXT NOT NULL PRIMARY KEY,
    -- The latest refresh that began.
    refresh_id      TEXT,
    -- When its schedule last began one, or tried to.
    scheduled_at_ms BIGINT,
    -- Is the latest refresh its schedule's?
    is_scheduled    BIGINT NOT NULL,
    -- Why the schedule's latest try began none.
    failure         TEXT
);

-- The refresh that a query belongs to.
ALTER TABLE query ADD COLUMN refresh_id TEXT;
CREATE INDEX query_refresh ON query (refresh_id) WHERE refresh_id IS NOT NULL;
