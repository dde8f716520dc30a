//! Who may open the database on PostgreSQL, and with which role.

use scriptdb::{Error, ScriptDb, ScriptDbConfig};
use store::Location;
use testkit::TestDatabase;
use url::Url;

use crate::confined_postgres::connect;

/// A database that belongs to a login without any attribute.
async fn plain() -> Option<(TestDatabase, tokio_postgres::Client, String, Url)> {
    let database = TestDatabase::postgres().await?;
    let admin = connect(&database.url()).await;
    let mut url = Url::parse(&database.url()).unwrap();
    let name = url.path().trim_start_matches('/').to_owned();
    let login = name.replace("testkit", "plain");
    admin
        .batch_execute(&format!("CREATE ROLE {login} LOGIN; ALTER DATABASE {name} OWNER TO {login}"))
        .await
        .unwrap();
    url.set_username(&login).unwrap();
    Some((database, admin, login, url))
}

fn config(url: &Url, role: &str) -> ScriptDbConfig {
    ScriptDbConfig { role: role.into(), ..ScriptDbConfig::new(Location::Postgres(url.to_string()), &[]) }
}

async fn fails(url: &Url, role: &str) -> String {
    match ScriptDb::open(config(url, role)).await {
        Err(error @ Error::Open { .. }) => error.to_string(),
        Err(error) => panic!("{error:?}"),
        Ok(_) => panic!("it opened with {role}"),
    }
}

#[tokio::test]
async fn a_login_that_may_make_no_roles_is_told_what_to_do() {
    let Some((_database, admin, login, url)) = plain().await else { return };
    let role = login.replace("plain", "scripts");
    let told = fails(&url, &role).await;
    assert!(told.contains(&format!("CREATE ROLE {role} NOLOGIN; GRANT {role} TO")), "{told}");
    admin.batch_execute(&format!("CREATE ROLE {role} NOLOGIN")).await.unwrap();
    let told = fails(&url, &role).await;
    assert!(told.contains(&format!("GRANT {role} TO")), "{told}");
    admin.batch_execute(&format!("GRANT {role} TO {login}")).await.unwrap();
    for _ in 0..2 {
        let db = ScriptDb::open(config(&url, &role)).await.unwrap();
        db.raw("CREATE TABLE IF NOT EXISTS t (a BIGINT)", &[]).await.unwrap();
        db.raw("INSERT INTO t VALUES (1)", &[]).await.unwrap();
    }
    let owner = "SELECT tableowner::text FROM pg_catalog.pg_tables WHERE schemaname = 'scripts'";
    assert_eq!(admin.query_one(owner, &[]).await.unwrap().get::<_, String>(0), role);
}

#[tokio::test]
async fn a_role_that_may_do_more_is_refused() {
    let Some((database, admin, login, url)) = plain().await else { return };
    let superuser = Url::parse(&database.url()).unwrap();
    for (number, attribute) in
        ["LOGIN", "SUPERUSER", "CREATEROLE", "CREATEDB", "BYPASSRLS", "REPLICATION"].iter().enumerate()
    {
        let role = format!("{login}_{number}");
        admin.batch_execute(&format!("CREATE ROLE {role} {attribute}")).await.unwrap();
        let told = fails(&superuser, &role).await;
        assert!(told.contains(&role) && told.contains("must have none of these"), "{told}");
    }
    let member = format!("{login}_member");
    admin.batch_execute(&format!("CREATE ROLE {member}; GRANT {login} TO {member}")).await.unwrap();
    fails(&superuser, &member).await;
    fails(&superuser, "a\"b").await;
    drop(url);
}

#[tokio::test]
async fn instances_may_start_together() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let url = Url::parse(&database.url()).unwrap();
    let role = url.path().trim_start_matches('/').replace("testkit", "together");
    let opens = (0..6).map(|_| ScriptDb::open(config(&url, &role)));
    for opened in futures::future::join_all(opens).await {
        let rows = opened.unwrap().raw("SELECT 1 AS one", &[]).await.unwrap();
        assert_eq!(rows.as_str(), r#"[{"one":1}]"#);
    }
}
