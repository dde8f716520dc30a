//! Making the scripts' role, schemas and views, and showing that they are what they must be.

use deadpool_postgres::{Client, Pool};
use tokio_postgres::error::SqlState;

use super::failure::{classify, words};
use super::pool;
use crate::{Error, ScriptDbConfig, View, effect};

/// Runs a statement of a script.
const RUN: &str = include_str!("run.sql");

/// Serializes instances that start together ("scripts" in ASCII).
const LOCK: i64 = 0x0073_6372_6970_7473;

/// Roles belong to all databases of a server, whose instances start together too.
const ATTEMPTS: u32 = 10;

/// Makes what is missing. Fails if the role may do more than it should.
pub(super) async fn prepare(pool: &Pool, config: &ScriptDbConfig) -> Result<(), Error> {
    let client = pool::get(pool).await.map_err(|error| failed(error.to_string()))?;
    let role = &config.role;
    if role.is_empty() || !role.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        return Err(failed(format!("the role {role:?} is not made of lower case letters, digits and _")));
    }
    make_role(&client, role).await?;
    check_role(&client, role).await?;
    let made = make_schemas(&client, config).await;
    if made.is_err() {
        // The connection goes back to the pool.
        client.batch_execute("ROLLBACK").await.map_err(|error| classify(&error))?;
    }
    made
}

/// Makes the role if it is missing and lets the login act for it.
async fn make_role(client: &Client, role: &str) -> Result<(), Error> {
    let manual = |message: &str| {
        failed(format!(
            "{message}. Scripts run with the rights of the role {role}; let somebody who may make roles run \
             CREATE ROLE {role} NOLOGIN; GRANT {role} TO CURRENT_USER (the login of DATABASE_URL)"
        ))
    };
    let exists = "SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = $1)";
    let acts = "SELECT pg_catalog.pg_has_role($1::name, 'MEMBER')";
    for (question, answer) in
        [(exists, format!("CREATE ROLE {role} NOLOGIN")), (acts, format!("GRANT {role} TO CURRENT_USER"))]
    {
        let mut attempt = 1;
        while !client.query_one(question, &[&role]).await.map_err(|error| classify(&error))?.get::<_, bool>(0)
        {
            match client.batch_execute(&answer).await {
                Err(error) if error.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
                    return Err(manual(&words(&error)));
                }
                // Somebody else is making it: have another look.
                Err(_) if attempt < ATTEMPTS => attempt += 1,
                Err(error) => return Err(manual(&words(&error))),
                Ok(()) => {}
            }
        }
    }
    Ok(())
}

/// A role that may do more than own a schema is none for scripts.
async fn check_role(client: &Client, role: &str) -> Result<(), Error> {
    let sql =
        "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls OR rolcanlogin
                   OR EXISTS (SELECT FROM pg_catalog.pg_auth_members WHERE member = r.oid)
               FROM pg_catalog.pg_roles r WHERE rolname = $1";
    let row = client.query_one(sql, &[&role]).await.map_err(|error| classify(&error))?;
    if row.get::<_, bool>(0) {
        return Err(failed(format!(
            "the role {role} may log in, is a member of another role, or has an attribute such as CREATEROLE; \
             it must have none of these"
        )));
    }
    Ok(())
}

async fn make_schemas(client: &Client, config: &ScriptDbConfig) -> Result<(), Error> {
    let batch =
        |sql: String| async move { client.batch_execute(&sql).await.map_err(|error| failed(words(&error))) };
    let role = &config.role;
    batch(format!(
        "BEGIN;
         SET LOCAL statement_timeout = 0;
         SELECT pg_catalog.pg_advisory_xact_lock({LOCK});"
    ))
    .await?;
    let version = version(config);
    let is_made = "SELECT count(*) FILTER (WHERE pg_catalog.obj_description(n.oid, 'pg_namespace') = $1) = 1
            AND (SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace v ON v.oid = c.relnamespace
                 WHERE v.nspname = 'scripts_views' AND c.relkind = 'v') = $2
        FROM pg_catalog.pg_namespace n WHERE n.nspname = 'scripts_internal'";
    let views = i64::try_from(config.views.len()).unwrap_or(i64::MAX);
    let row = client.query_one(is_made, &[&version, &views]).await.map_err(|error| classify(&error))?;
    if !row.get::<_, bool>(0) {
        batch(format!(
            "CREATE SCHEMA IF NOT EXISTS scripts AUTHORIZATION {role};
             CREATE SCHEMA IF NOT EXISTS scripts_internal;
             {}
             DROP FUNCTION IF EXISTS scripts_internal.run(text, text, text[], bigint, bigint);
             {RUN};
             -- Whom a function is given to must be able to make one where it is, for as long as that takes.
             GRANT CREATE ON SCHEMA scripts_internal TO {role};
             ALTER FUNCTION scripts_internal.run(text, text, text[], bigint, bigint) OWNER TO {role};
             REVOKE ALL ON SCHEMA scripts_internal FROM {role};
             REVOKE ALL ON FUNCTION scripts_internal.run(text, text, text[], bigint, bigint) FROM PUBLIC, {role};
             GRANT EXECUTE ON FUNCTION scripts_internal.run(text, text, text[], bigint, bigint) TO CURRENT_USER;",
            super::effects::TABLE
        ))
        .await?;
        batch(show(config.views, role)).await?;
        batch(format!("COMMENT ON SCHEMA scripts_internal IS '{version}'")).await?;
    }
    batch("COMMIT".into()).await
}

/// The SQL that makes the views anew and lets the role read them.
fn show(views: &[View], role: &str) -> String {
    let create =
        |View { name, postgres, .. }: &View| format!("CREATE VIEW scripts_views.\"{name}\" AS {postgres};\n");
    format!(
        "DROP SCHEMA IF EXISTS scripts_views CASCADE;
         CREATE SCHEMA scripts_views;
         {}
         GRANT USAGE ON SCHEMA scripts_views TO {role};
         GRANT SELECT ON ALL TABLES IN SCHEMA scripts_views TO {role};",
        views.iter().map(create).collect::<String>()
    )
}

/// Names what all of this was made from.
fn version(config: &ScriptDbConfig) -> String {
    effect::fingerprint(&format!("{RUN}{}", show(config.views, &config.role)), &[])
}

fn failed(message: String) -> Error {
    Error::Open { what: "schemas of PostgreSQL".into(), message }
}
