//! Labels into rows.

use store::{Conn, v};

use crate::Error;
use crate::admit::Admitted;
use crate::source::Fence;

/// Where labels come from; it settles which of two with the very same time counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The labeler's stream: what comes later in it was said later.
    Stream,
    /// An answer to a query: what the stream brought meanwhile is at least as new.
    Query,
}

/// Writes labels and negations in their order. Between two with the same source, subject and value the one that was said
/// later counts, whenever it arrives.
pub(crate) fn write(
    conn: &mut Conn<'_>,
    fence: Fence,
    labels: &[Admitted],
    origin: Origin,
    now: i64,
) -> Result<u64, Error> {
    const LATER_OR_EQUAL: &str = "
        INSERT INTO label_rows (source_id, uri, val, neg, cid, cts, cts_us, exp, exp_us, stored_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (uri, source_id, val) DO UPDATE SET
            neg = excluded.neg, cid = excluded.cid, cts = excluded.cts, cts_us = excluded.cts_us,
            exp = excluded.exp, exp_us = excluded.exp_us, stored_at = excluded.stored_at
        WHERE excluded.cts_us >= label_rows.cts_us";
    const LATER: &str = "
        INSERT INTO label_rows (source_id, uri, val, neg, cid, cts, cts_us, exp, exp_us, stored_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (uri, source_id, val) DO UPDATE SET
            neg = excluded.neg, cid = excluded.cid, cts = excluded.cts, cts_us = excluded.cts_us,
            exp = excluded.exp, exp_us = excluded.exp_us, stored_at = excluded.stored_at
        WHERE excluded.cts_us > label_rows.cts_us";
    let sql = match origin {
        Origin::Stream => LATER_OR_EQUAL,
        Origin::Query if faults::mutant!("labels-answer-undoes-the-stream") => LATER_OR_EQUAL,
        Origin::Query => LATER,
    };
    let mut written = 0;
    for Admitted { label, cts_us, exp_us } in labels {
        let row = [
            v(fence.source_id),
            v(&label.uri),
            v(&label.val),
            v(label.neg),
            v(label.cid.as_deref()),
            v(&label.cts),
            v(*cts_us),
            v(label.exp.as_deref()),
            v(*exp_us),
            v(now),
        ];
        written += conn.execute(sql, &row)?;
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use proptest::test_runner::{Config, TestRunner};
    use store::{Schema, Store};

    use super::*;
    use crate::source::Source;
    use atproto::label::Label;

    /// A word about a subject, at a moment of its own.
    type Saying = (u8, u8, bool, Origin);

    fn sayings() -> impl Strategy<Value = Vec<(usize, Saying)>> {
        let origin = prop_oneof![Just(Origin::Stream), Just(Origin::Query)];
        let saying = (0_u8..3, 0_u8..2, any::<bool>(), origin);
        prop::collection::vec(saying, 0..12)
            .prop_map(|sayings| sayings.into_iter().enumerate().collect::<Vec<_>>())
            .prop_shuffle()
    }

    fn admitted(moment: usize, (subject, word, neg, _): Saying) -> Admitted {
        let label = Label {
            src: "did:plc:labeler".into(),
            uri: format!("did:plc:{subject}"),
            cid: None,
            val: word.to_string(),
            neg,
            cts: String::new(),
            exp: None,
        };
        Admitted { label, cts_us: i64::try_from(moment).unwrap(), exp_us: None }
    }

    async fn stored(store: &Store, sayings: Vec<(usize, Saying)>) -> BTreeMap<(String, String), bool> {
        let write_all = move |conn: &mut Conn<'_>| {
            conn.execute("DELETE FROM label_rows", &[])?;
            let Source { fence, .. } = Source::open(conn, "did:plc:labeler")?;
            for (moment, saying) in &sayings {
                write(conn, fence, &[admitted(*moment, *saying)], saying.3, 0)?;
            }
            conn.query("SELECT uri, val, neg FROM label_rows", &[], |row| {
                Ok::<_, Error>(((row.string(0)?, row.string(1)?), row.bool(2)?))
            })
        };
        store.index.write(write_all).await.unwrap().into_iter().collect()
    }

    /// Whatever order they come in and by whichever way, the last word counts.
    #[tokio::test(flavor = "multi_thread")]
    async fn the_order_of_arrival_does_not_matter() {
        let schemas: Vec<&'static Schema> =
            [&[&events::SCHEMA][..], &records::SCHEMAS, &crate::SCHEMAS].concat();
        testkit::on_each_engine(&schemas, |store| async move {
            let runtime = tokio::runtime::Handle::current();
            let config = Config { cases: 100, failure_persistence: None, ..Config::default() };
            let result = tokio::task::block_in_place(|| {
                TestRunner::new(config).run(&sayings(), |sayings| {
                    let mut expected = BTreeMap::new();
                    let mut in_order = sayings.clone();
                    in_order.sort_by_key(|(moment, _)| *moment);
                    for (moment, saying) in in_order {
                        let label = admitted(moment, saying).label;
                        expected.insert((label.uri, label.val), label.neg);
                    }
                    prop_assert_eq!(runtime.block_on(stored(&store, sayings)), expected);
                    Ok(())
                })
            });
            result.unwrap();
        })
        .await;
    }
}
