-- Whom a test send goes to, as a JSON list of openids.
ALTER TABLE accounts ADD COLUMN test_openids TEXT NOT NULL DEFAULT '[]';
-- The day's allowance for sending as WeChat last told it: all three or none.
ALTER TABLE accounts ADD COLUMN quota_limit INTEGER;
ALTER TABLE accounts ADD COLUMN quota_used INTEGER;
ALTER TABLE accounts ADD COLUMN quota_seen_at INTEGER;

-- The condition of a partial index is worked out for each row that is written; with IN it was a table of its own each time, and
-- writing a row cost three times as much.
DROP INDEX deliveries_trouble;
CREATE INDEX deliveries_trouble ON deliveries (state, id) WHERE state >= 3;
