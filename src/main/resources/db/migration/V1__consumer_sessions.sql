-- One list for SQLite and PostgreSQL. Times are milliseconds since 1970; JSON is TEXT, read and written whole;
-- every key begins with project_id. See docs/architecture.md, "SQL for two engines".

-- Facts about the store itself: the master key that it was made with, whether the first projects were made.
CREATE TABLE marks (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE projects (
    project_id   TEXT   NOT NULL PRIMARY KEY,
    name         TEXT   NOT NULL,
    vertical     TEXT   NOT NULL,
    environment  TEXT   NOT NULL,
    public_token TEXT   NOT NULL UNIQUE,
    settings     TEXT   NOT NULL,
    created_at   BIGINT NOT NULL
);

CREATE TABLE secrets (
    project_id TEXT   NOT NULL REFERENCES projects (project_id) ON DELETE CASCADE,
    secret_id  TEXT   NOT NULL,
    hash       BYTEA  NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (project_id, secret_id)
);

-- private_jwk is sealed under the master key. A key signs from signs_from until the next one does; generation counts the
-- keys of a project, so that two nodes cannot both make the next one.
CREATE TABLE signing_keys (
    project_id  TEXT    NOT NULL REFERENCES projects (project_id) ON DELETE CASCADE,
    kid         TEXT    NOT NULL,
    generation  INTEGER NOT NULL,
    public_jwk  TEXT    NOT NULL,
    private_jwk TEXT    NOT NULL,
    created_at  BIGINT  NOT NULL,
    signs_from  BIGINT  NOT NULL,
    PRIMARY KEY (project_id, kid)
);
CREATE UNIQUE INDEX signing_keys_by_generation ON signing_keys (project_id, generation);

-- Whoever can have sessions: a row behind each user and, later, each member. Deleting it deletes all that hangs on it.
CREATE TABLE subjects (
    project_id      TEXT    NOT NULL REFERENCES projects (project_id) ON DELETE CASCADE,
    subject_id      TEXT    NOT NULL,
    failed_attempts INTEGER NOT NULL,
    lock_created_at BIGINT,
    lock_expires_at BIGINT,
    PRIMARY KEY (project_id, subject_id)
);

-- search_name holds the name in lower case, because the engines agree on the case of ASCII letters only.
CREATE TABLE users (
    project_id         TEXT   NOT NULL,
    user_id            TEXT   NOT NULL,
    status             TEXT   NOT NULL,
    first_name         TEXT   NOT NULL,
    middle_name        TEXT   NOT NULL,
    last_name          TEXT   NOT NULL,
    search_name        TEXT   NOT NULL,
    trusted_metadata   TEXT   NOT NULL,
    untrusted_metadata TEXT   NOT NULL,
    external_id        TEXT,
    roles              TEXT   NOT NULL,
    created_at         BIGINT NOT NULL,
    PRIMARY KEY (project_id, user_id),
    FOREIGN KEY (project_id, user_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX users_by_external_id ON users (project_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX users_by_created_at ON users (project_id, created_at, user_id);

-- Everything a user can prove: emails, phone numbers, and later TOTPs, passkeys, OAuth registrations, wallets.
-- value is what must be unique in the project (an address, a number); expires_at ends an unverified addition.
CREATE TABLE user_factors (
    project_id TEXT    NOT NULL,
    factor_id  TEXT    NOT NULL,
    user_id    TEXT    NOT NULL,
    kind       TEXT    NOT NULL,
    value      TEXT    NOT NULL,
    verified   BOOLEAN NOT NULL,
    detail     TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    expires_at BIGINT,
    PRIMARY KEY (project_id, factor_id),
    FOREIGN KEY (project_id, user_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX user_factors_by_value ON user_factors (project_id, kind, value);
CREATE INDEX user_factors_by_user ON user_factors (project_id, user_id);

CREATE TABLE passwords (
    project_id     TEXT    NOT NULL,
    subject_id     TEXT    NOT NULL,
    password_id    TEXT    NOT NULL,
    hash           TEXT    NOT NULL,
    requires_reset BOOLEAN NOT NULL,
    created_at     BIGINT  NOT NULL,
    PRIMARY KEY (project_id, subject_id),
    FOREIGN KEY (project_id, subject_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX passwords_by_id ON passwords (project_id, password_id);

-- Ended rows stay for a while, so that a second revoke and "why was this refused" have an answer; a sweeper removes them.
CREATE TABLE sessions (
    project_id       TEXT    NOT NULL,
    session_id       TEXT    NOT NULL,
    subject_id       TEXT    NOT NULL,
    organization_id  TEXT,
    token_hash       BYTEA   NOT NULL,
    started_at       BIGINT  NOT NULL,
    last_accessed_at BIGINT  NOT NULL,
    expires_at       BIGINT  NOT NULL,
    ended_at         BIGINT,
    end_reason       TEXT,
    ip_address       TEXT    NOT NULL,
    user_agent       TEXT    NOT NULL,
    factors          TEXT    NOT NULL,
    custom_claims    TEXT    NOT NULL,
    version          INTEGER NOT NULL,
    PRIMARY KEY (project_id, session_id),
    FOREIGN KEY (project_id, subject_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX sessions_by_token ON sessions (project_id, token_hash);
CREATE INDEX sessions_by_subject ON sessions (project_id, subject_id, started_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;

-- Single-use tokens that travel in links: magic links, invites, password resets.
CREATE TABLE links (
    project_id     TEXT   NOT NULL,
    token_hash     BYTEA  NOT NULL,
    purpose        TEXT   NOT NULL,
    user_id        TEXT   NOT NULL,
    method_id      TEXT   NOT NULL,
    redirect_url   TEXT   NOT NULL,
    code_challenge TEXT   NOT NULL,
    ip_address     TEXT   NOT NULL,
    user_agent     TEXT   NOT NULL,
    created_at     BIGINT NOT NULL,
    expires_at     BIGINT NOT NULL,
    used_at        BIGINT,
    PRIMARY KEY (project_id, token_hash),
    FOREIGN KEY (project_id, user_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE
);
CREATE INDEX links_by_user ON links (project_id, user_id);
CREATE INDEX links_by_expiry ON links (expires_at);

-- Outgoing messages: the queue, and in test projects the developer inbox. sealed holds all text, under the master key.
-- next_attempt_at is set while a message waits; while a node delivers it, it is when that node's lease runs out.
CREATE TABLE messages (
    project_id      TEXT    NOT NULL REFERENCES projects (project_id) ON DELETE CASCADE,
    message_id      TEXT    NOT NULL,
    channel         TEXT    NOT NULL,
    recipient       TEXT    NOT NULL,
    sealed          TEXT    NOT NULL,
    created_at      BIGINT  NOT NULL,
    state           TEXT    NOT NULL,
    attempts        INTEGER NOT NULL,
    next_attempt_at BIGINT,
    PRIMARY KEY (project_id, message_id)
);
CREATE INDEX messages_by_recipient ON messages (project_id, recipient, created_at);
CREATE INDEX messages_by_created_at ON messages (project_id, created_at);
CREATE INDEX messages_by_age ON messages (created_at);
CREATE INDEX messages_due ON messages (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

-- Counters of the limits that protect an account, the same for all nodes. target is a digest.
CREATE TABLE counters (
    project_id   TEXT    NOT NULL,
    target       TEXT    NOT NULL,
    window_start BIGINT  NOT NULL,
    count        INTEGER NOT NULL,
    PRIMARY KEY (project_id, target)
);
CREATE INDEX counters_by_window ON counters (window_start);
