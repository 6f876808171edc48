-- By the domain of an address people find organizations of which they are no members yet. Behind the address without all that
-- stands before its last @ is the domain.
ALTER TABLE member_emails ADD COLUMN email_domain TEXT NOT NULL DEFAULT '';
UPDATE member_emails
SET email_domain = SUBSTR(email_address, LENGTH(RTRIM(email_address, REPLACE(email_address, '@', ''))) + 1);
CREATE INDEX member_emails_by_domain ON member_emails (project_id, organization_id, email_domain);

-- kind is JOINABLE too: the allowed domains again, of organizations that they let people into.
INSERT INTO organization_domains (project_id, organization_id, kind, domain)
    SELECT d.project_id, d.organization_id, 'JOINABLE', d.domain
    FROM organization_domains d
    JOIN organizations o ON o.project_id = d.project_id AND o.organization_id = d.organization_id
    WHERE d.kind = 'ALLOWED' AND o.settings LIKE '%"email_jit_provisioning":"RESTRICTED"%';
