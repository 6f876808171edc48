-- The members who are not deleted, newest first: the pages of a search without filters, its total, and the counts of the
-- metrics come from this index, however many deleted members an organization keeps.
CREATE INDEX members_existing ON members (project_id, organization_id, created_at, member_id) WHERE status <> 'DELETED';

-- A search by number would read every member of the organizations.
CREATE INDEX members_by_phone ON members (project_id, phone_number) WHERE phone_number IS NOT NULL;
