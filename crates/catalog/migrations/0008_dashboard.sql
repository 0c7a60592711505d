-- Dashboards that customers made. Ids are never used again.
CREATE TABLE dashboard (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    arn     TEXT    NOT NULL UNIQUE,
    account TEXT    NOT NULL,
    region  TEXT    NOT NULL,
    version BIGINT  NOT NULL,
    body    TEXT    NOT NULL
);
CREATE INDEX dashboard_account ON dashboard (account, region);
