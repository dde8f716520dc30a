//! No feed costs more because there is more of it: rows that are read are counted by the database itself.

use social::feeds::{Source, Span, Wanted, page};
use social::search::{self, Words};
use social::thoughts::{load, thread};
use social::{Error, Id};
use store::{Conn, Engine};

use crate::people::{Place, on_each};

/// Thoughts, likes and boosts.
const MANY: i64 = 20_000;

/// Who reads, and follows a third of the 300 who write.
const READER: Id = Id(1);

/// Rows that two pages may touch: a head for each follow, and what is shown.
const MOST: i64 = 1_500;

/// Statements that two pages take: where the entries are, what of them is shown, and what is shown with them.
const STATEMENTS: u64 = 18;

/// A number as a thought's id, a second after the one before.
const ID: &str = "((1700000000000 + i * 1000) * 65536)";

fn fill(conn: &mut Conn<'_>) -> Result<(), Error> {
    let numbers = |to: i64| {
        format!(
            "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {to})"
        )
    };
    let (many, who) = (numbers(MANY), "1 + i * 7919 % 300");
    for sql in [
        format!(
            "{} INSERT INTO social_users (id, uuid, username, handle_key, created_at, updated_at)
             SELECT i, 'u' || i, 'u' || i, 'u' || i, 1, 1 FROM n",
            numbers(300)
        ),
        "INSERT INTO social_user_counts (user_id) SELECT id FROM social_users".to_owned(),
        format!(
            "{} INSERT INTO social_follows (follower, followed, state, created_at)
             SELECT 1, i * 3, 'accepted', 1 FROM n",
            numbers(100)
        ),
        format!(
            "{many} INSERT INTO social_thoughts (id, uuid, user_id, content, search_text, thread_id, visibility, local, created_at)
             SELECT {ID}, 't' || i, {who}, 'a thought of many', 'a thought of many', {ID}, 'public', 1, 1 FROM n"
        ),
        format!("{many} INSERT INTO social_thought_counts (thought_id) SELECT {ID} FROM n"),
        "INSERT INTO social_tags (id, name) VALUES (1, 'topic')".to_owned(),
        format!("{many} INSERT INTO social_thought_tags (tag_id, thought_id) SELECT 1, {ID} FROM n"),
        format!("{many} INSERT INTO social_thought_mentions (thought_id, name, user_id) SELECT {ID}, 'x', {who} FROM n"),
        format!(
            "{many} INSERT INTO social_boosts (id, uuid, user_id, thought_id, created_at)
             SELECT {ID} + 1, 'b' || i, 1 + i * 13 % 300, {ID}, 1 FROM n"
        ),
        format!(
            "{many} INSERT INTO social_likes (id, uuid, user_id, thought_id, created_at)
             SELECT {ID} + 1, 'l' || i, {READER}, {ID}, 1 FROM n"
        ),
        format!(
            "{many} INSERT INTO social_bookmarks (id, user_id, thought_id) SELECT {ID} + 1, {READER}, {ID} FROM n"
        ),
        "ANALYZE".to_owned(),
    ] {
        conn.execute(&sql, &[])?;
    }
    Ok(())
}

/// Rows of large tables that this transaction read so far: by walks of whole tables, and by indexes.
fn read(conn: &mut Conn<'_>) -> Result<(i64, i64), Error> {
    let sql = "SELECT CAST(coalesce(sum(seq_tup_read), 0) AS BIGINT), CAST(coalesce(sum(idx_tup_fetch), 0) AS BIGINT)
               FROM pg_stat_xact_user_tables WHERE schemaname = current_schema() AND relname IN
                   ('social_thoughts', 'social_thought_counts', 'social_thought_tags', 'social_thought_mentions',
                    'social_boosts', 'social_likes', 'social_bookmarks')";
    conn.query_one(sql, &[], |row| Ok((row.int(0)?, row.int(1)?)))
}

/// What is asked, by its name.
type Question = (&'static str, fn(&mut Conn<'_>) -> Result<usize, Error>);

fn feed(conn: &mut Conn<'_>, source: Source) -> Result<usize, Error> {
    // From the newest, and from the middle.
    let middle = Id((1_700_000_000_000 + MANY / 2 * 1000) * 65_536);
    let mut shown = 0;
    for span in [Span::default(), Span::below(middle)] {
        let found = page(conn, source, Some(READER), 2, span, 20, Wanted::default())?;
        let ids: Vec<Id> = found.entries.iter().map(|entry| entry.thought).collect();
        shown += load(conn, Some(READER), &ids)?.len();
    }
    Ok(shown)
}

fn search(conn: &mut Conn<'_>) -> Result<usize, Error> {
    let words = Words::read("thought many")?;
    Ok(search::thoughts(conn, Some(READER), 2, &words, Span::default(), (0, 40))?.len())
}

const QUESTIONS: [Question; 9] = [
    ("home", |conn| feed(conn, Source::Home(READER))),
    ("local", |conn| feed(conn, Source::Local)),
    ("everywhere", |conn| feed(conn, Source::Everywhere)),
    ("of somebody", |conn| feed(conn, Source::Of { user: Id(3), boosts: true })),
    ("with a topic", |conn| feed(conn, Source::Tag(1))),
    ("liked", |conn| feed(conn, Source::Liked(READER))),
    ("bookmarked", |conn| feed(conn, Source::Bookmarked(READER))),
    ("found", search),
    ("thread", |conn| {
        let id = Id((1_700_000_000_000 + 1000) * 65_536);
        Ok(thread(conn, Some(READER), 2, id)?.len() * 40)
    }),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_page_touches_few_rows_however_many_there_are() {
    on_each(|place: Place| async move {
        search::build(&place.state).await;
        place.change(fill).await.unwrap();
        for (name, ask) in QUESTIONS {
            let engine = place.state.engine();
            let asked = place.change(move |conn| {
                let is_counted = conn.engine() == Engine::Postgres;
                let before = if is_counted { read(conn)? } else { (0, 0) };
                let begin = conn.statements();
                let shown = ask(conn)?;
                let statements = conn.statements() - begin;
                let after = if is_counted { read(conn)? } else { (0, 0) };
                Ok((shown, statements, after.0 - before.0, after.1 - before.1))
            });
            let (shown, statements, walked, fetched) = asked.await.unwrap();
            println!("{name} on {engine:?}: {statements} statements, {fetched} rows");
            assert_eq!(shown, 40, "{name} on {engine:?}");
            assert!(statements <= STATEMENTS, "{name}: {statements} statements");
            assert!(
                walked == 0 && fetched < MOST,
                "{name}: {walked} by walks of tables, {fetched} by indexes"
            );
        }
    })
    .await;
}
