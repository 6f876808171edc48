-- The people of organizations. roles are those that were given to the member itself. An organization that goes takes its
-- members along; their subjects, on which all else hangs, are deleted by the call.
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
    PRIMARY KEY (project_id, member_id),
    FOREIGN KEY (project_id, member_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE,
    FOREIGN KEY (project_id, organization_id) REFERENCES organizations (project_id, organization_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX members_by_external_id ON members (project_id, organization_id, external_id)
    WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX members_by_phone_number ON members (project_id, organization_id, phone_number)
    WHERE phone_number IS NOT NULL;
CREATE INDEX members_by_organization ON members (project_id, organization_id, created_at, member_id);

-- The addresses of members. state: CURRENT is the one by which a member signs in; RETIRED is one from before, which stays
-- taken; WAITING is one that the member wants to change to, until expires_at (a RETIRED one has a time while its member
-- wants to change back to it); FORMER was the current one of a member who is
-- deleted, and is free.
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
    PRIMARY KEY (project_id, email_id),
    FOREIGN KEY (project_id, member_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX member_emails_taken ON member_emails (project_id, organization_id, email_address)
    WHERE state <> 'FORMER';
CREATE UNIQUE INDEX member_emails_current ON member_emails (project_id, member_id) WHERE state IN ('CURRENT', 'FORMER');
CREATE INDEX member_emails_by_member ON member_emails (project_id, member_id);
CREATE INDEX member_emails_by_address ON member_emails (project_id, email_address);

-- Sign-ins that are not complete: what somebody has proven, until it is enough for a session. member_id tells whose member
-- the proofs were made for; discovery has none.
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
CREATE INDEX intermediate_sessions_by_member ON intermediate_sessions (project_id, member_id);
CREATE INDEX intermediate_sessions_by_expiry ON intermediate_sessions (expires_at);

-- links as before, but a link of a discovery flow is nobody's yet: it proves an address alone.
CREATE TABLE links_of_subjects (
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
INSERT INTO links_of_subjects (project_id, token_hash, purpose, subject_id, method_id, email_address, redirect_url,
                               code_challenge, ip_address, user_agent, created_at, expires_at, used_at)
    SELECT project_id, token_hash, purpose, user_id, method_id, '', redirect_url, code_challenge, ip_address, user_agent,
           created_at, expires_at, used_at
    FROM links;
DROP TABLE links;
ALTER TABLE links_of_subjects RENAME TO links;
CREATE INDEX links_by_subject ON links (project_id, subject_id);
CREATE INDEX links_by_expiry ON links (expires_at);

-- Each channel has its own lane in the queue of messages.
DROP INDEX messages_due;
CREATE INDEX messages_due ON messages (channel, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
