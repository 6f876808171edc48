-- shard_key is where a row lies when the store is spread over many machines: four hexadecimal digits, the same for a user or
-- member and all that hangs on it (docs/decisions/shard-key.md). One machine needs no index on it. The keys of subjects that
-- are addresses follow in V9.1, because SQL of both engines has no digest.
ALTER TABLE subjects ADD COLUMN shard_key TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN shard_key TEXT NOT NULL DEFAULT '';
ALTER TABLE user_factors ADD COLUMN shard_key TEXT NOT NULL DEFAULT '';
ALTER TABLE members ADD COLUMN shard_key TEXT NOT NULL DEFAULT '';
ALTER TABLE member_emails ADD COLUMN shard_key TEXT NOT NULL DEFAULT '';
ALTER TABLE passwords ADD COLUMN shard_key TEXT NOT NULL DEFAULT '';
ALTER TABLE totps ADD COLUMN shard_key TEXT NOT NULL DEFAULT '';
ALTER TABLE recovery_codes ADD COLUMN shard_key TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN shard_key TEXT NOT NULL DEFAULT '';

UPDATE subjects SET shard_key = SUBSTR(subject_id, LENGTH(subject_id) - 35, 4);
UPDATE users SET shard_key = SUBSTR(user_id, LENGTH(user_id) - 35, 4);
UPDATE user_factors SET shard_key = SUBSTR(user_id, LENGTH(user_id) - 35, 4);
UPDATE members SET shard_key = SUBSTR(member_id, LENGTH(member_id) - 35, 4);
UPDATE member_emails SET shard_key = SUBSTR(member_id, LENGTH(member_id) - 35, 4);
UPDATE passwords SET shard_key = SUBSTR(subject_id, LENGTH(subject_id) - 35, 4);
UPDATE totps SET shard_key = SUBSTR(subject_id, LENGTH(subject_id) - 35, 4);
UPDATE recovery_codes SET shard_key = SUBSTR(subject_id, LENGTH(subject_id) - 35, 4);

-- Ids and tokens of sessions tell the shard key from now on. Those from before do not, and nothing would find them.
DELETE FROM sessions;

-- What leads to one user of a project and to no other: an address, a number, what another service calls the user. It lies
-- where its value says, not beside its user, and so a value stays unique when users are spread. A row goes with its factor;
-- one that waits for its proof has the factor's expires_at.
CREATE TABLE user_identifiers (
    project_id TEXT   NOT NULL,
    kind       TEXT   NOT NULL,
    value      TEXT   NOT NULL,
    user_id    TEXT   NOT NULL,
    factor_id  TEXT,
    expires_at BIGINT,
    PRIMARY KEY (project_id, kind, value)
);
CREATE INDEX user_identifiers_by_user ON user_identifiers (project_id, user_id);
INSERT INTO user_identifiers (project_id, kind, value, user_id, factor_id, expires_at)
    SELECT project_id, kind, value, user_id, factor_id, expires_at FROM user_factors;
INSERT INTO user_identifiers (project_id, kind, value, user_id)
    SELECT project_id, 'EXTERNAL_ID', external_id, user_id FROM users WHERE external_id IS NOT NULL;
DROP INDEX user_factors_by_value;
DROP INDEX users_by_external_id;
CREATE INDEX user_factors_by_value ON user_factors (project_id, kind, value);
CREATE INDEX users_by_external_id ON users (project_id, external_id) WHERE external_id IS NOT NULL;
