-- One list for SQLite and PostgreSQL. Times are milliseconds since 1970; JSON is TEXT, read and written whole;
-- every key begins with project_id. See docs/architecture.md, "SQL for two engines".

-- Facts about the store itself: the master key that it was made with, whether the first projects were made.
CREATE TABLE server_state (
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

-- The row of each user and member that sessions, factors and locks refer to. A password of an address
-- (passwords.cross_organization) has a subject of its own, whose id is the address. Deleting a subject deletes all its rows.
-- shard_key is the place of a row in a store that is spread over many machines: four hexadecimal digits, the same for a user
-- or member and all its rows (docs/decisions/shard-key.md). One machine needs no index on it.
CREATE TABLE subjects (
    project_id      TEXT    NOT NULL REFERENCES projects (project_id) ON DELETE CASCADE,
    subject_id      TEXT    NOT NULL,
    failed_attempts INTEGER NOT NULL,
    lock_created_at BIGINT,
    lock_expires_at BIGINT,
    shard_key       TEXT    NOT NULL DEFAULT '',
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
    shard_key          TEXT   NOT NULL DEFAULT '',
    PRIMARY KEY (project_id, user_id),
    FOREIGN KEY (project_id, user_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE
);
CREATE INDEX users_by_external_id ON users (project_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX users_by_created_at ON users (project_id, created_at, user_id);

-- Email addresses and phone numbers of users. expires_at ends an unverified addition.
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
    shard_key  TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (project_id, factor_id),
    FOREIGN KEY (project_id, user_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE
);
CREATE INDEX user_factors_by_value ON user_factors (project_id, kind, value);
CREATE INDEX user_factors_by_user ON user_factors (project_id, user_id);

-- Values that identify one user of a project: an address, a number, an external id. A row lies where its value says, not
-- beside its user, so that a value is unique in a store that is spread. It is deleted with its factor; a row that waits for
-- its proof has the factor's expires_at.
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

CREATE TABLE passwords (
    project_id     TEXT    NOT NULL,
    subject_id     TEXT    NOT NULL,
    password_id    TEXT    NOT NULL,
    hash           TEXT    NOT NULL,
    requires_reset BOOLEAN NOT NULL,
    created_at     BIGINT  NOT NULL,
    shard_key      TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (project_id, subject_id),
    FOREIGN KEY (project_id, subject_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX passwords_by_id ON passwords (project_id, password_id);

-- An organization in which the password of an address signs nobody in until the address has another one: a member with the
-- right to it can require that there without an effect on other organizations.
CREATE TABLE password_exclusions (
    project_id      TEXT NOT NULL,
    shard_key       TEXT NOT NULL,
    subject_id      TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    PRIMARY KEY (project_id, subject_id, organization_id),
    FOREIGN KEY (project_id, subject_id) REFERENCES passwords (project_id, subject_id) ON DELETE CASCADE
);

-- Ended rows stay for a while, so that a second revoke and "why was this refused" have an answer; a sweeper removes them.
-- sealed_token holds the random bytes of the token, wrapped under the master key (docs/decisions/session-tokens.md).
-- json holds the fields of the session that responses copy, with a byte for their version in front
-- (docs/decisions/stored-json.md); a row without it is read by its columns.
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
    shard_key        TEXT    NOT NULL DEFAULT '',
    sealed_token     BYTEA,
    json             BYTEA,
    PRIMARY KEY (project_id, session_id),
    FOREIGN KEY (project_id, subject_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX sessions_by_token ON sessions (project_id, token_hash);
-- Lists read the active sessions of a subject. They are apart from ended and expired ones in this index, so that a list does
-- not get slower with every sign-in of the last days.
CREATE INDEX sessions_of_subject ON sessions (project_id, subject_id, ended_at, expires_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_ended ON sessions (ended_at) WHERE ended_at IS NOT NULL;

-- Single-use tokens of links: magic links, invites, password resets. A link of a discovery flow has no subject: it proves an
-- address alone.
CREATE TABLE links (
    project_id     TEXT   NOT NULL REFERENCES projects (project_id) ON DELETE CASCADE,
    token_hash     BYTEA  NOT NULL,
    purpose        TEXT   NOT NULL,
    subject_id     TEXT,
    method_id      TEXT   NOT NULL,
    email_address  TEXT   NOT NULL,
    redirect_url   TEXT   NOT NULL,
    code_challenge TEXT   NOT NULL,
    ip_address     TEXT   NOT NULL,
    user_agent     TEXT   NOT NULL,
    created_at     BIGINT NOT NULL,
    expires_at     BIGINT NOT NULL,
    used_at        BIGINT,
    PRIMARY KEY (project_id, token_hash),
    FOREIGN KEY (project_id, subject_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE
);
CREATE INDEX links_by_subject ON links (project_id, subject_id);
CREATE INDEX links_by_address ON links (project_id, email_address);
CREATE INDEX links_by_expiry ON links (expires_at);

-- Outgoing messages: the queue, and in test projects the developer inbox. sealed holds all text, under the master key.
-- next_attempt_at is set while a message waits; while a node delivers it, it is when that node's lease runs out.
-- delivery_error says why the last attempt failed, in the words of the other side, without addresses and secrets.
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
    delivery_error  TEXT,
    PRIMARY KEY (project_id, message_id)
);
CREATE INDEX messages_by_recipient ON messages (project_id, recipient, created_at);
CREATE INDEX messages_by_created_at ON messages (project_id, created_at);
CREATE INDEX messages_by_age ON messages (created_at);
-- Each channel has its own lane in the queue.
CREATE INDEX messages_due ON messages (channel, next_attempt_at) WHERE next_attempt_at IS NOT NULL;

-- Counters of the limits that protect an account, the same for all nodes. target is a digest.
CREATE TABLE counters (
    project_id   TEXT    NOT NULL,
    target       TEXT    NOT NULL,
    window_start BIGINT  NOT NULL,
    count        INTEGER NOT NULL,
    PRIMARY KEY (project_id, target)
);
CREATE INDEX counters_by_window ON counters (window_start);

-- The tenants of B2B projects. What is searched or must be unique has a column, all else that an organization chooses is in
-- settings. search_name holds the name in lower case, as in users. roles are those of the organization's own RBAC policy.
CREATE TABLE organizations (
    project_id       TEXT   NOT NULL REFERENCES projects (project_id) ON DELETE CASCADE,
    organization_id  TEXT   NOT NULL,
    name             TEXT   NOT NULL,
    search_name      TEXT   NOT NULL,
    slug             TEXT   NOT NULL,
    external_id      TEXT,
    settings         TEXT   NOT NULL,
    roles            TEXT   NOT NULL,
    trusted_metadata TEXT   NOT NULL,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    PRIMARY KEY (project_id, organization_id)
);
CREATE UNIQUE INDEX organizations_by_slug ON organizations (project_id, slug);
CREATE UNIQUE INDEX organizations_by_external_id ON organizations (project_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX organizations_by_created_at ON organizations (project_id, created_at, organization_id);

-- The email domains of the settings again, by which organizations are found. kind is ALLOWED, CLAIMED or
-- JOINABLE: the allowed domains again, of organizations that let people of these domains in.
CREATE TABLE organization_domains (
    project_id      TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    kind            TEXT NOT NULL,
    domain          TEXT NOT NULL,
    PRIMARY KEY (project_id, organization_id, kind, domain),
    FOREIGN KEY (project_id, organization_id) REFERENCES organizations (project_id, organization_id) ON DELETE CASCADE
);
CREATE INDEX organization_domains_by_domain ON organization_domains (project_id, kind, domain);

-- The members of organizations. roles are those that were given to the member itself. Deleting an organization deletes its
-- members; their subjects are deleted by the call.
CREATE TABLE members (
    project_id         TEXT    NOT NULL,
    member_id          TEXT    NOT NULL,
    organization_id    TEXT    NOT NULL,
    status             TEXT    NOT NULL,
    name               TEXT    NOT NULL,
    is_breakglass      BOOLEAN NOT NULL,
    mfa_enrolled       BOOLEAN NOT NULL,
    default_mfa_method TEXT,
    phone_id           TEXT,
    phone_number       TEXT,
    phone_verified     BOOLEAN NOT NULL,
    roles              TEXT    NOT NULL,
    trusted_metadata   TEXT    NOT NULL,
    untrusted_metadata TEXT    NOT NULL,
    external_id        TEXT,
    created_at         BIGINT  NOT NULL,
    updated_at         BIGINT  NOT NULL,
    shard_key          TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (project_id, member_id),
    FOREIGN KEY (project_id, member_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE,
    FOREIGN KEY (project_id, organization_id) REFERENCES organizations (project_id, organization_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX members_by_external_id ON members (project_id, organization_id, external_id)
    WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX members_by_phone_number ON members (project_id, organization_id, phone_number)
    WHERE phone_number IS NOT NULL;
CREATE INDEX members_by_organization ON members (project_id, organization_id, created_at, member_id);
-- The members who are not deleted, newest first: the pages of a search without filters, its total, and the counts of the
-- metrics come from this index, however many deleted members an organization keeps.
CREATE INDEX members_existing ON members (project_id, organization_id, created_at, member_id) WHERE status <> 'DELETED';

-- The addresses of members. state: CURRENT is the one by which a member signs in; RETIRED is one from before, which stays
-- taken; WAITING is one that the member wants to change to, until expires_at (a RETIRED one has a time while its member
-- wants to change back to it); FORMER was the current one of a member who is deleted, and is free. email_domain is the part
-- after the last @: it leads people to organizations that they can join.
CREATE TABLE member_emails (
    project_id      TEXT    NOT NULL,
    email_id        TEXT    NOT NULL,
    organization_id TEXT    NOT NULL,
    member_id       TEXT    NOT NULL,
    email_address   TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    verified        BOOLEAN NOT NULL,
    created_at      BIGINT  NOT NULL,
    expires_at      BIGINT,
    email_domain    TEXT    NOT NULL DEFAULT '',
    shard_key       TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (project_id, email_id),
    FOREIGN KEY (project_id, member_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX member_emails_taken ON member_emails (project_id, organization_id, email_address)
    WHERE state <> 'FORMER';
CREATE UNIQUE INDEX member_emails_current ON member_emails (project_id, member_id) WHERE state IN ('CURRENT', 'FORMER');
CREATE INDEX member_emails_by_member ON member_emails (project_id, member_id);
CREATE INDEX member_emails_by_address ON member_emails (project_id, email_address);
CREATE INDEX member_emails_by_domain ON member_emails (project_id, organization_id, email_domain);

-- Sign-ins that are not complete: the factors that were proven, until they are enough for a session. member_id is the member
-- they were proven for; discovery has none.
CREATE TABLE intermediate_sessions (
    project_id    TEXT    NOT NULL REFERENCES projects (project_id) ON DELETE CASCADE,
    token_hash    BYTEA   NOT NULL,
    email_address TEXT    NOT NULL,
    member_id     TEXT,
    factors       TEXT    NOT NULL,
    created_at    BIGINT  NOT NULL,
    expires_at    BIGINT  NOT NULL,
    PRIMARY KEY (project_id, token_hash),
    FOREIGN KEY (project_id, member_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE
);
CREATE INDEX intermediate_sessions_by_address ON intermediate_sessions (project_id, email_address);
CREATE INDEX intermediate_sessions_by_member ON intermediate_sessions (project_id, member_id);
CREATE INDEX intermediate_sessions_by_expiry ON intermediate_sessions (expires_at);

-- Authenticator apps: at most one a subject. secret is sealed under the master key. An unverified registration ends at
-- expires_at; a verified one has none. last_step is the latest time step whose code was accepted, so that no code works twice.
CREATE TABLE totps (
    project_id TEXT    NOT NULL,
    subject_id TEXT    NOT NULL,
    totp_id    TEXT    NOT NULL,
    secret     TEXT    NOT NULL,
    verified   BOOLEAN NOT NULL,
    last_step  BIGINT  NOT NULL,
    created_at BIGINT  NOT NULL,
    expires_at BIGINT,
    shard_key  TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (project_id, subject_id),
    FOREIGN KEY (project_id, subject_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX totps_by_id ON totps (project_id, totp_id);
CREATE INDEX totps_by_expiry ON totps (expires_at) WHERE expires_at IS NOT NULL;

-- Codes in place of a TOTP, each of them once: a used one is deleted. hash is keyed, and finds the code; sealed is the code
-- under the master key, since it can be shown again. position keeps the order in which the codes were given out.
CREATE TABLE recovery_codes (
    project_id       TEXT    NOT NULL,
    subject_id       TEXT    NOT NULL,
    recovery_code_id TEXT    NOT NULL,
    position         INTEGER NOT NULL,
    hash             BYTEA   NOT NULL,
    sealed           TEXT    NOT NULL,
    shard_key        TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (project_id, subject_id, recovery_code_id),
    FOREIGN KEY (project_id, subject_id) REFERENCES totps (project_id, subject_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX recovery_codes_by_hash ON recovery_codes (project_id, subject_id, hash);

-- One-time passcodes that were sent, one for each target: the address of an email, or the number and the subject of a text
-- message. code_hash is keyed; key_id is the id of the master key under which it lies. subject_id is the user or member whom
-- the code signs in; a code of a discovery flow has none. attempts counts wrong guesses.
CREATE TABLE codes (
    project_id TEXT    NOT NULL REFERENCES projects (project_id) ON DELETE CASCADE,
    channel    TEXT    NOT NULL,
    target     TEXT    NOT NULL,
    subject_id TEXT,
    method_id  TEXT    NOT NULL,
    code_hash  BYTEA   NOT NULL,
    attempts   INTEGER NOT NULL,
    created_at BIGINT  NOT NULL,
    expires_at BIGINT  NOT NULL,
    used_at    BIGINT,
    key_id     TEXT,
    PRIMARY KEY (project_id, channel, target),
    FOREIGN KEY (project_id, subject_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE
);
CREATE INDEX codes_by_subject ON codes (project_id, subject_id);
CREATE INDEX codes_by_expiry ON codes (expires_at);

-- Token ids that a sign-in has used up, each the digest of issuer and token id, until the token would be refused anyway.
CREATE TABLE trusted_tokens (
    project_id TEXT   NOT NULL REFERENCES projects (project_id) ON DELETE CASCADE,
    token_hash BYTEA  NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (project_id, token_hash)
);
CREATE INDEX trusted_tokens_by_expiry ON trusted_tokens (expires_at);

-- The issuers by which a user or member signs in, and the digest of the `sub` under which each of them knows that person. NULL
-- as long as the issuer's tokens name no `sub`.
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
