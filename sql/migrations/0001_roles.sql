-- The two roles that use this schema. The functions connect as hntai_app; whoever checks the audit
-- connects as hntai_auditor. Neither owns a table, so neither can switch a trigger off.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hntai_app') THEN
        CREATE ROLE hntai_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'hntai_auditor') THEN
        CREATE ROLE hntai_auditor LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
    END IF;
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO hntai_app, hntai_auditor;
