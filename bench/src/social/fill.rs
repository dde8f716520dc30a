//! People, follows, thoughts and boosts, made by the database itself.

use social::{Error, Id};
use store::{Conn, Database, v};

/// People; the first of them reads.
pub(super) const PEOPLE: i64 = 10_000;

/// Follows of everybody but the first, who follows a thousand.
const EACH: i64 = 49;

/// All follows, about.
pub(super) const FOLLOWS: i64 = PEOPLE * EACH + 951;

/// A time after everything, in microseconds.
pub(super) const NOW: i64 = 1_900_000_000_000_000;

/// Thoughts that one transaction writes.
const BATCH: i64 = 50_000;

/// People who have an API key.
pub(super) const KEYS: i64 = 1_000;

/// Whoever has it is the person of that number.
pub(super) fn key(number: i64) -> String {
    format!("bench-key-{number}")
}

/// Of a person, a key or a thought, by its number.
pub(super) fn uuid(number: i64) -> String {
    format!("00000000-0000-4000-9000-{number:012}")
}

/// The same of a number `i` in SQL.
const UUID: &str =
    "'00000000-0000-4000-9000-' || substr('000000000000' || i, length('000000000000' || i) - 11)";

/// The id of a thought by its number.
pub(super) fn id(number: i64) -> Id {
    Id((1_700_000_000_000 + number * 100) << 16)
}

/// Fills an empty database with so many thoughts, and a tenth as many boosts.
pub(super) async fn fill(state: &Database, thoughts: i64) -> Result<(), Error> {
    state.write(people).await?;
    for from in (0..thoughts).step_by(usize::try_from(BATCH).unwrap_or(1)) {
        let to = (from + BATCH).min(thoughts);
        state.write(move |conn| batch(conn, from, to)).await?;
    }
    state.write(|conn| Ok(conn.execute("ANALYZE", &[]).map(drop)?)).await
}

fn numbers(from: i64, to: i64) -> String {
    format!(
        "WITH RECURSIVE n (i) AS (SELECT CAST({from} AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < {to} - 1)"
    )
}

fn people(conn: &mut Conn<'_>) -> Result<(), Error> {
    let (people, each) = (numbers(1, PEOPLE + 1), numbers(1, EACH + 1));
    let thousand = numbers(2, 1_002);
    for sql in [
        format!(
            "{people} INSERT INTO social_users (id, uuid, username, handle_key, created_at, updated_at)
             SELECT i, {UUID}, 'person' || i, 'person' || i, 1, 1 FROM n"
        ),
        format!("{people} INSERT INTO social_user_counts (user_id) SELECT i FROM n"),
        format!(
            "{thousand} INSERT INTO social_follows (follower, followed, state, created_at)
             SELECT 1, i, 'accepted', 1 FROM n"
        ),
        format!(
            "{each} INSERT INTO social_follows (follower, followed, state, created_at)
             SELECT u.id, 1 + (u.id * 31 + i * 97) % {PEOPLE}, 'accepted', 1 FROM social_users u, n
             WHERE u.id > 1 AND u.id <> 1 + (u.id * 31 + i * 97) % {PEOPLE} ON CONFLICT DO NOTHING"
        ),
    ] {
        conn.execute(&sql, &[])?;
    }
    for number in 1..=KEYS {
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, key(number).as_bytes());
        let hash = data_encoding::HEXLOWER.encode(hash.as_ref());
        let sql = "INSERT INTO social_api_keys (id, uuid, user_id, key_hash, name, created_at)
                   VALUES ($1, $2, $1, $3, 'bench', 1)";
        conn.execute(sql, &[v(number), v(&uuid(number)), v(&hash)])?;
    }
    Ok(())
}

fn batch(conn: &mut Conn<'_>, from: i64, to: i64) -> Result<(), Error> {
    const ID: &str = "((1700000000000 + i * 100) << 16)";
    // Numbers are scattered over people by a prime, the golden ratio of 2^32.
    let who = format!("1 + (i * 2654435761 % 4294967296) % {PEOPLE}");
    let numbers = numbers(from, to);
    for sql in [
        format!(
            "{numbers} INSERT INTO social_thoughts (id, uuid, user_id, content, search_text, thread_id, visibility, local, created_at)
             SELECT {ID}, {UUID}, {who}, 'Thought number ' || i || ' of somebody', 'thought number ' || i || ' of somebody',
                 {ID}, 'public', i % 2, (1700000000000 + i * 100) * 1000 FROM n"
        ),
        format!("{numbers} INSERT INTO social_thought_counts (thought_id) SELECT {ID} FROM n"),
        format!(
            "{numbers} INSERT INTO social_boosts (id, uuid, user_id, thought_id, created_at)
             SELECT {ID} + 1, 'boost-' || i, 1 + (i * 40503 % 65536) % {PEOPLE}, {ID}, 1 FROM n WHERE i % 10 = 0"
        ),
    ] {
        conn.execute(&sql, &[])?;
    }
    Ok(())
}
