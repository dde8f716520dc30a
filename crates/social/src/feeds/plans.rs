//! What SQLite is going to do for each feed: walk one index, and sort nothing.

use store::{Engine, v};

use super::Span;
use super::home::{BOOSTED, Kind, WRITTEN};
use super::source::{ADDRESSED, LOCAL, OWN, PUBLIC, TAGGED, walk};
use crate::{Error, SCHEMA};

/// A feed's statement, the index that it has to walk, and whether it orders accounts.
fn statements(span: Span) -> Vec<(String, &'static str, bool)> {
    let of = |table: &str| walk(table, OWN, span, 40);
    let home = |kind: &Kind| kind.statement(Engine::Sqlite, span, 40);
    vec![
        (walk("social_thoughts", LOCAL, span, 40), "social_thoughts_public (local=?", false),
        (walk("social_thoughts", PUBLIC, span, 40), "social_thoughts_federated (id", false),
        (of("social_thoughts"), "social_thoughts_user (user_id=?", false),
        (walk("social_thought_tags", TAGGED, span, 40), "PRIMARY KEY (tag_id=? AND thought_id", false),
        (
            walk("social_thought_mentions", ADDRESSED, span, 40),
            "social_thought_mentions_private (user_id=? AND thought_id",
            false,
        ),
        (of("social_likes"), "social_likes_user (user_id=?", false),
        (of("social_boosts"), "social_boosts_user (user_id=?", false),
        (of("social_bookmarks"), "social_bookmarks_user (user_id=?", false),
        (home(&WRITTEN), "e USING COVERING INDEX social_thoughts_user", true),
        (home(&BOOSTED), "e USING COVERING INDEX social_boosts_user", true),
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
        for (sql, index, merges) in [Span::default(), upwards].into_iter().flat_map(statements) {
            let explain = format!("EXPLAIN QUERY PLAN {sql}");
            let plan = store.state.read(move |conn| {
                let rows = conn.query(&explain, &[v(9), v(0), v(7)], |row| row.string(3))?;
                Ok::<_, Error>(rows.join("\n"))
            });
            let plan = plan.await.unwrap();
            assert!(plan.contains(index), "{sql}\n{plan}");
            // What is merged is walked, and so are the accounts.
            let scans = ["SCAN a", "SCAN f", "SCAN CONSTANT ROW"];
            let scanned =
                plan.lines().filter(|line| line.starts_with("SCAN") && !scans.contains(line)).count();
            assert!(scanned == 0 && (merges || !plan.contains("SCAN")), "{sql}\n{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{sql}\n{plan}");
        }
    })
    .await;
}
