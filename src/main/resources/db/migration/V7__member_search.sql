-- The members who are not deleted, newest first: the pages of a search without filters, its total, and the counts of the
-- metrics come from this index, however many deleted members an organization keeps.
CREATE INDEX members_existing ON members (project_id, organization_id, created_at, member_id) WHERE status <> 'DELETED';
