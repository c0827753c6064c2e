-- Whom a test send goes to, as a JSON list of openids.
ALTER TABLE accounts ADD COLUMN test_openids TEXT NOT NULL DEFAULT '[]';
-- The day's allowance for sending as WeChat last told it: all three or none.
ALTER TABLE accounts ADD COLUMN quota_limit INTEGER;
ALTER TABLE accounts ADD COLUMN quota_used INTEGER;
ALTER TABLE accounts ADD COLUMN quota_seen_at INTEGER;
