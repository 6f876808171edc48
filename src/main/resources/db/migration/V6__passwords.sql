-- A password of an address (passwords.cross_organization) hangs on a subject of its own, whose id is the address. A reset ends
-- what else is under way for that address.
CREATE INDEX links_by_address ON links (project_id, email_address);
CREATE INDEX intermediate_sessions_by_address ON intermediate_sessions (project_id, email_address);
