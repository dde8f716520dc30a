//! Rows of older versions, as this one reads them.

use social::{SCHEMA, users};
use store::{Schema, v};

/// What somebody elsewhere says of themselves was kept as text and is HTML now.
#[tokio::test(flavor = "multi_thread")]
async fn texts_of_others_are_html_afterwards() {
    let before = Box::leak(Box::new(Schema {
        name: SCHEMA.name,
        tier: SCHEMA.tier,
        tables: SCHEMA.tables,
        migrations: &SCHEMA.migrations[..2],
    }));
    for database in testkit::databases().await {
        let store = database.open(&[before]).await;
        let fill = |conn: &mut store::Conn<'_>| {
            let sql = "INSERT INTO social_users (id, uuid, username, host, handle_key, bio, profile_fields, created_at, updated_at)
                       VALUES ($1, $2, $2, $3, $2, $4, $5, 1, 1)";
            let (bio, fields) = ("a & b\n<img src=x>", r#"[{"name":"n","value":"<img src=\"x\">"}]"#);
            for (id, name, host, bio) in [
                (1, "here", None, bio),
                (2, "there", Some("there.example"), bio),
                (3, "calm", Some("there.example"), "nothing & more"),
            ] {
                let fields = if id == 3 { "[]" } else { fields };
                conn.execute(sql, &[v(id), v(name), v(host), v(bio), v(fields)])?;
                conn.execute("INSERT INTO social_user_counts (user_id) VALUES ($1)", &[v(id)])?;
                let sql = "INSERT INTO social_remote_actors (user_id, inbox, fetched_at) VALUES ($1, 'x', 7)";
                conn.execute(sql, &[v(id)])?;
            }
            Ok::<_, store::Error>(())
        };
        store.state.write(fill).await.unwrap();
        drop(store);
        let store = database.open(&[&SCHEMA]).await;
        let read = |conn: &mut store::Conn<'_>| {
            let sql = "SELECT fetched_at FROM social_remote_actors ORDER BY user_id";
            let people = users::by_ids(conn, &[1, 2, 3])?;
            Ok::<_, social::Error>((people, conn.query(sql, &[], |row| row.int(0))?))
        };
        let (mut people, fetched) = store.state.read(read).await.unwrap();
        people.sort_by_key(|user| user.id);
        let bios: Vec<&str> = people.iter().map(|user| user.bio.as_deref().unwrap()).collect();
        assert_eq!(
            bios,
            ["a & b\n<img src=x>", "a &amp; b<br>&lt;img src=x&gt;", "nothing &amp; more"],
            "of people here it is text"
        );
        assert_eq!(people[0].profile_fields[0].value, "<img src=\"x\">");
        assert_eq!(people[1].profile_fields[0].value, "&lt;img src=\"x\"&gt;");
        assert_eq!(fetched, [7, 0, 7], "who might have meant more than text is asked anew");
    }
}
