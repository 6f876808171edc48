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
    PRIMARY KEY (project_id, subject_id),
    FOREIGN KEY (project_id, subject_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX totps_by_id ON totps (project_id, totp_id);
CREATE INDEX totps_by_expiry ON totps (expires_at) WHERE expires_at IS NOT NULL;

-- What stands in for a TOTP, each code once: a used one is deleted. hash is keyed, and finds the code; sealed is the code
-- under the master key, since it can be shown again. position keeps the order in which the codes were given out.
CREATE TABLE recovery_codes (
    project_id       TEXT    NOT NULL,
    subject_id       TEXT    NOT NULL,
    recovery_code_id TEXT    NOT NULL,
    position         INTEGER NOT NULL,
    hash             BYTEA   NOT NULL,
    sealed           TEXT    NOT NULL,
    PRIMARY KEY (project_id, subject_id, recovery_code_id),
    FOREIGN KEY (project_id, subject_id) REFERENCES totps (project_id, subject_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX recovery_codes_by_hash ON recovery_codes (project_id, subject_id, hash);
