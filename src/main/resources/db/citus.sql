-- Spreads the tables of a store over the workers of Citus (13 or later). Run it once, in one transaction, by the user and in the
-- schema of Selvage, after the program has made its tables and while no node runs:
--
--     psql --single-transaction --file citus.sql "$DATABASE"
--
-- What the program says stays the same. Only keys change, because a unique index of a distributed table must hold the column
-- that distributes it. docs/scaling.md tells what lies where and why.

SET LOCAL citus.multi_shard_modify_mode TO 'sequential';

-- And for every connection from now on: a transaction that has asked all shards in parallel may not write what is whole on each
-- node any more, such as a project's settings.
DO $$
BEGIN
    EXECUTE format('ALTER DATABASE %I SET citus.multi_shard_modify_mode TO ''sequential''', current_database());
END $$;

-- The foreign keys of this schema; those that Citus can keep are made again below.
DO $$
DECLARE
    key RECORD;
BEGIN
    FOR key IN
        SELECT conrelid::regclass AS child, conname FROM pg_constraint
        WHERE contype = 'f' AND connamespace = current_schema()::regnamespace
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', key.child, key.conname);
    END LOOP;
END $$;

-- Small, read with everything, seldom written: whole on each node.
SELECT create_reference_table('server_state');
SELECT create_reference_table('projects');
SELECT create_reference_table('secrets');
SELECT create_reference_table('signing_keys');
SELECT create_reference_table('organizations');
SELECT create_reference_table('organization_domains');

-- Users, members and all that is theirs: beside each other, by shard key.
ALTER TABLE subjects DROP CONSTRAINT subjects_pkey, ADD PRIMARY KEY (project_id, subject_id, shard_key);
ALTER TABLE users DROP CONSTRAINT users_pkey, ADD PRIMARY KEY (project_id, user_id, shard_key);
ALTER TABLE user_factors DROP CONSTRAINT user_factors_pkey, ADD PRIMARY KEY (project_id, factor_id, shard_key);
ALTER TABLE members DROP CONSTRAINT members_pkey, ADD PRIMARY KEY (project_id, member_id, shard_key);
ALTER TABLE member_emails DROP CONSTRAINT member_emails_pkey, ADD PRIMARY KEY (project_id, email_id, shard_key);
ALTER TABLE passwords DROP CONSTRAINT passwords_pkey, ADD PRIMARY KEY (project_id, subject_id, shard_key);
ALTER TABLE password_exclusions DROP CONSTRAINT password_exclusions_pkey,
    ADD PRIMARY KEY (project_id, subject_id, organization_id, shard_key);
ALTER TABLE totps DROP CONSTRAINT totps_pkey, ADD PRIMARY KEY (project_id, subject_id, shard_key);
ALTER TABLE recovery_codes DROP CONSTRAINT recovery_codes_pkey,
    ADD PRIMARY KEY (project_id, subject_id, recovery_code_id, shard_key);
ALTER TABLE sessions DROP CONSTRAINT sessions_pkey, ADD PRIMARY KEY (project_id, session_id, shard_key);
ALTER TABLE trusted_identities DROP CONSTRAINT trusted_identities_pkey, ADD PRIMARY KEY (project_id, subject_id, issuer, shard_key);

DROP INDEX members_by_external_id, members_by_phone_number, member_emails_taken, member_emails_current, passwords_by_id,
    totps_by_id, recovery_codes_by_hash, sessions_by_token;
CREATE UNIQUE INDEX members_by_external_id ON members (project_id, organization_id, external_id, shard_key)
    WHERE external_id IS NOT NULL;
CREATE UNIQUE INDEX members_by_phone_number ON members (project_id, organization_id, phone_number, shard_key)
    WHERE phone_number IS NOT NULL;
CREATE UNIQUE INDEX member_emails_taken ON member_emails (project_id, organization_id, email_address, shard_key)
    WHERE state <> 'FORMER';
CREATE UNIQUE INDEX member_emails_current ON member_emails (project_id, member_id, shard_key) WHERE state IN ('CURRENT', 'FORMER');
CREATE UNIQUE INDEX passwords_by_id ON passwords (project_id, password_id, shard_key);
CREATE UNIQUE INDEX totps_by_id ON totps (project_id, totp_id, shard_key);
CREATE UNIQUE INDEX recovery_codes_by_hash ON recovery_codes (project_id, subject_id, hash, shard_key);
CREATE UNIQUE INDEX sessions_by_token ON sessions (project_id, token_hash, shard_key);

SELECT create_distributed_table('subjects', 'shard_key', colocate_with => 'none');
SELECT create_distributed_table('users', 'shard_key', colocate_with => 'subjects');
SELECT create_distributed_table('user_factors', 'shard_key', colocate_with => 'subjects');
SELECT create_distributed_table('members', 'shard_key', colocate_with => 'subjects');
SELECT create_distributed_table('member_emails', 'shard_key', colocate_with => 'subjects');
SELECT create_distributed_table('passwords', 'shard_key', colocate_with => 'subjects');
SELECT create_distributed_table('password_exclusions', 'shard_key', colocate_with => 'subjects');
SELECT create_distributed_table('totps', 'shard_key', colocate_with => 'subjects');
SELECT create_distributed_table('recovery_codes', 'shard_key', colocate_with => 'subjects');
SELECT create_distributed_table('sessions', 'shard_key', colocate_with => 'subjects');
SELECT create_distributed_table('trusted_identities', 'shard_key', colocate_with => 'subjects');

-- What a value leads to, by that value.
SELECT create_distributed_table('user_identifiers', 'value', colocate_with => 'none');
SELECT create_distributed_table('links', 'token_hash', colocate_with => 'none');
SELECT create_distributed_table('intermediate_sessions', 'token_hash', colocate_with => 'links');
SELECT create_distributed_table('trusted_tokens', 'token_hash', colocate_with => 'links');
SELECT create_distributed_table('codes', 'target', colocate_with => 'none');
SELECT create_distributed_table('counters', 'target', colocate_with => 'none');

-- A queue whose head one statement finds: one shard.
SELECT create_distributed_table('messages', NULL, colocate_with => 'none');

ALTER TABLE secrets ADD FOREIGN KEY (project_id) REFERENCES projects (project_id) ON DELETE CASCADE;
ALTER TABLE signing_keys ADD FOREIGN KEY (project_id) REFERENCES projects (project_id) ON DELETE CASCADE;
ALTER TABLE organizations ADD FOREIGN KEY (project_id) REFERENCES projects (project_id) ON DELETE CASCADE;
ALTER TABLE organization_domains ADD FOREIGN KEY (project_id, organization_id)
    REFERENCES organizations (project_id, organization_id) ON DELETE CASCADE;
ALTER TABLE subjects ADD FOREIGN KEY (project_id) REFERENCES projects (project_id) ON DELETE CASCADE;
ALTER TABLE users ADD FOREIGN KEY (project_id, user_id, shard_key)
    REFERENCES subjects (project_id, subject_id, shard_key) ON DELETE CASCADE;
ALTER TABLE user_factors ADD FOREIGN KEY (project_id, user_id, shard_key)
    REFERENCES subjects (project_id, subject_id, shard_key) ON DELETE CASCADE;
ALTER TABLE members ADD FOREIGN KEY (project_id, member_id, shard_key)
    REFERENCES subjects (project_id, subject_id, shard_key) ON DELETE CASCADE;
ALTER TABLE members ADD FOREIGN KEY (project_id, organization_id)
    REFERENCES organizations (project_id, organization_id) ON DELETE CASCADE;
ALTER TABLE member_emails ADD FOREIGN KEY (project_id, member_id, shard_key)
    REFERENCES subjects (project_id, subject_id, shard_key) ON DELETE CASCADE;
ALTER TABLE passwords ADD FOREIGN KEY (project_id, subject_id, shard_key)
    REFERENCES subjects (project_id, subject_id, shard_key) ON DELETE CASCADE;
ALTER TABLE password_exclusions ADD FOREIGN KEY (project_id, subject_id, shard_key)
    REFERENCES passwords (project_id, subject_id, shard_key) ON DELETE CASCADE;
ALTER TABLE totps ADD FOREIGN KEY (project_id, subject_id, shard_key)
    REFERENCES subjects (project_id, subject_id, shard_key) ON DELETE CASCADE;
ALTER TABLE recovery_codes ADD FOREIGN KEY (project_id, subject_id, shard_key)
    REFERENCES totps (project_id, subject_id, shard_key) ON DELETE CASCADE;
ALTER TABLE sessions ADD FOREIGN KEY (project_id, subject_id, shard_key)
    REFERENCES subjects (project_id, subject_id, shard_key) ON DELETE CASCADE;
ALTER TABLE trusted_identities ADD FOREIGN KEY (project_id, subject_id, shard_key)
    REFERENCES subjects (project_id, subject_id, shard_key) ON DELETE CASCADE;
ALTER TABLE links ADD FOREIGN KEY (project_id) REFERENCES projects (project_id) ON DELETE CASCADE;
ALTER TABLE intermediate_sessions ADD FOREIGN KEY (project_id) REFERENCES projects (project_id) ON DELETE CASCADE;
ALTER TABLE trusted_tokens ADD FOREIGN KEY (project_id) REFERENCES projects (project_id) ON DELETE CASCADE;
ALTER TABLE codes ADD FOREIGN KEY (project_id) REFERENCES projects (project_id) ON DELETE CASCADE;
ALTER TABLE messages ADD FOREIGN KEY (project_id) REFERENCES projects (project_id) ON DELETE CASCADE;
