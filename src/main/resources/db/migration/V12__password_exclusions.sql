-- An organization in which the password of an address (passwords.cross_organization) signs nobody in until the address has another
-- one: what a member with the right to it may require there without touching other organizations.
CREATE TABLE password_exclusions (
    project_id      TEXT NOT NULL,
    shard_key       TEXT NOT NULL,
    subject_id      TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    PRIMARY KEY (project_id, subject_id, organization_id),
    FOREIGN KEY (project_id, subject_id) REFERENCES passwords (project_id, subject_id) ON DELETE CASCADE
);
