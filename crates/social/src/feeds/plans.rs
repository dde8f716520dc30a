//! What SQLite is going to do for each feed: walk one index, and sort nothing but one head for each account that is followed.

use store::Engine;

use super::Span;
use super::home::heads;
use super::source::{LOCAL, PUBLIC, walk};
use crate::{Error, Id, SCHEMA};

/// A feed's statement, the index that it has to walk, and whether it orders heads.
fn statements(span: Span) -> Vec<(String, &'static str, bool)> {
    let thoughts = |condition: &str| walk("social_thoughts", ("id", "id"), condition, span, 40);
    let of = |table: &str| walk(table, ("id", "thought_id"), "user_id = 7", span, 40);
    let heads = |table: &str, entry: &str| heads(Id(7), span, 40, table, entry, "f.follower > 0");
    vec![
        (thoughts(LOCAL), "social_thoughts_public (local=?", false),
        (thoughts(PUBLIC), "social_thoughts_federated (id", false),
        (thoughts("user_id = 7"), "social_thoughts_user (user_id=?", false),
        (thoughts("user_id = 7 AND visibility <> 'private'"), "social_thoughts_user (user_id=?", false),
        (
            walk("social_thought_tags", ("thought_id", "thought_id"), "tag_id = 7", span, 40),
            "PRIMARY KEY (tag_id=? AND thought_id",
            false,
        ),
        (of("social_likes"), "social_likes_user (user_id=?", false),
        (of("social_boosts"), "social_boosts_user (user_id=?", false),
        (of("social_bookmarks"), "social_bookmarks_user (user_id=?", false),
        (heads("social_thoughts", "e.visibility <> 'private'"), "COVERING INDEX social_thoughts_user", true),
        (heads("social_boosts", "e.id > 0"), "COVERING INDEX social_boosts_user", true),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn no_feed_scans_a_table_or_sorts_it() {
    testkit::on_each_engine(&[&SCHEMA], |store| async move {
        if store.state.engine() != Engine::Sqlite {
            // It plans by what is in the tables; what it reads is counted in tests of full ones.
            return;
        }
        let upwards = Span { upwards: true, ..Span::default() };
        for (sql, index, orders_heads) in [Span::default(), upwards].into_iter().flat_map(statements) {
            let explain = format!("EXPLAIN QUERY PLAN {sql}");
            let plan = store.state.read(move |conn| {
                let rows = conn.query(&explain, &[], |row| row.string(3))?;
                Ok::<_, Error>(rows.join("\n"))
            });
            let plan = plan.await.unwrap();
            assert!(plan.contains(index) && !plan.contains("SCAN"), "{sql}\n{plan}");
            assert_eq!(plan.contains("TEMP B-TREE"), orders_heads, "{sql}\n{plan}");
            assert!(plan.matches("CORRELATED").count() <= 1, "each head is looked for once\n{plan}");
        }
    })
    .await;
}
