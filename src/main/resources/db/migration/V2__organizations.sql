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

-- The email domains of the settings again, by which organizations are found. kind is ALLOWED or CLAIMED.
CREATE TABLE organization_domains (
    project_id      TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    kind            TEXT NOT NULL,
    domain          TEXT NOT NULL,
    PRIMARY KEY (project_id, organization_id, kind, domain),
    FOREIGN KEY (project_id, organization_id) REFERENCES organizations (project_id, organization_id) ON DELETE CASCADE
);
CREATE INDEX organization_domains_by_domain ON organization_domains (project_id, kind, domain);

-- Each channel has its own lane in the queue of messages.
DROP INDEX messages_due;
CREATE INDEX messages_due ON messages (channel, next_attempt_at) WHERE next_attempt_at IS NOT NULL;
