-- One-time passcodes that were sent, one for each target: the address of an email, or the number and the subject of a text
-- message. code_hash is keyed. subject_id tells whom the code signs in; a code of a discovery flow is nobody's yet. attempts
-- counts wrong guesses.
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
    PRIMARY KEY (project_id, channel, target),
    FOREIGN KEY (project_id, subject_id) REFERENCES subjects (project_id, subject_id) ON DELETE CASCADE
);
CREATE INDEX codes_by_subject ON codes (project_id, subject_id);
CREATE INDEX codes_by_expiry ON codes (expires_at);
