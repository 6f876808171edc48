-- Token ids that a sign-in has used up, each the digest of issuer and token id, until the token would be refused anyway.
CREATE TABLE trusted_tokens (
    project_id TEXT   NOT NULL REFERENCES projects (project_id) ON DELETE CASCADE,
    token_hash BYTEA  NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (project_id, token_hash)
);
CREATE INDEX trusted_tokens_by_expiry ON trusted_tokens (expires_at);

-- By which issuers somebody signs in, and under which name (the digest of `sub`) each of them knows that person. NULL as long
-- as the issuer's tokens name no `sub`.
CREATE TABLE trusted_identities (
    project_id  TEXT   NOT NULL,
    shard_key   TEXT   NOT NULL,
    subject_id  TEXT   NOT NULL,
    issuer      TEXT   NOT NULL,
    sub_hash    TEXT,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (project_id, subject_id, issuer),
    FOREIGN KEY (project_id, subject_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE
);
