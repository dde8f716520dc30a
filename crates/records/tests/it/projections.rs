//! A second, tiny app: it counts notes per author in a table of its own, inside the records' transaction.

use std::sync::Arc;

use atproto::Nsid;
use records::{Effect, Projection, Records, SCHEMAS};
use serde_json::json;
use store::{Conn, Error, Migration, Schema, Tier, v};
use testkit::on_each_engine;

use crate::rig::{ALICE, BOB, Rig, note, rev};
use crate::stream::{create, delete, update};

const T: i64 = 1_750_000_000_000_000;

static TALLY: Schema = Schema {
    name: "tally",
    tier: Tier::Index,
    tables: &["tally_authors"],
    migrations: &[Migration {
        id: 1,
        name: "authors",
        sqlite: "CREATE TABLE tally_authors (did TEXT PRIMARY KEY, notes INTEGER NOT NULL CHECK (notes >= 0)) STRICT",
        postgres: "CREATE TABLE tally_authors (did TEXT PRIMARY KEY, notes BIGINT NOT NULL CHECK (notes >= 0))",
    }],
};

struct Tally {
    collections: [Nsid; 1],
}

impl Projection for Tally {
    fn collections(&self) -> &[Nsid] {
        &self.collections
    }

    fn apply(&self, conn: &mut Conn<'_>, effects: &[Effect<'_>]) -> Result<(), Error> {
        for effect in effects {
            let difference = i64::from(effect.after.is_some()) - i64::from(effect.before.is_some());
            conn.execute(
                "INSERT INTO tally_authors (did, notes) VALUES ($1, 0) ON CONFLICT DO NOTHING",
                &[v(effect.did)],
            )?;
            conn.execute(
                "UPDATE tally_authors SET notes = notes + $1 WHERE did = $2",
                &[v(difference), v(effect.did)],
            )?;
            if effect.after.is_some_and(|json| json.contains("poison")) {
                conn.execute("UPDATE tally_authors SET notes = -1 WHERE did = $1", &[v(effect.did)])?;
            }
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn derived_tables_move_with_the_records() {
    on_each_engine(&[SCHEMAS[0], SCHEMAS[1], &TALLY], |store| async move {
        let mut rig = Rig::new(store).await;
        rig.records = Records::new(&rig.store, vec![Arc::new(Tally { collections: [note()] })]);
        let mut running = rig.start();
        running.live().await;
        let send = |n: i64, event: String| rig.stream.send(T + n, event);
        send(0, create(ALICE, "a", &rev(0), T, &json!({})));
        send(1, create(ALICE, "b", &rev(1), T + 1, &json!({})));
        send(2, update(ALICE, "a", &rev(2), T + 2, &json!({"n": 2})));
        send(3, create(BOB, "c", &rev(3), T + 3, &json!({})));
        // What a projection refuses is left out, alone, and the stream goes on.
        send(4, create(BOB, "d", &rev(4), T + 4, &json!({"text": "poison"})));
        send(5, delete(ALICE, "b", &rev(5), T + 5));
        send(6, create(BOB, "e", &rev(6), T + 6, &json!({})));
        rig.committed(&mut running, T + 6).await;
        let tally = |store: store::Store| async move {
            store
                .index
                .read(|conn| {
                    conn.query("SELECT did, notes FROM tally_authors ORDER BY did", &[], |row| {
                        Ok::<_, Error>((row.string(0)?, row.int(1)?))
                    })
                })
                .await
                .unwrap()
        };
        assert_eq!(tally(rig.store.clone()).await, [(ALICE.to_owned(), 1), (BOB.to_owned(), 2)]);
        assert_eq!(rig.all().await.len(), 3);
        let gone = json!({"did": BOB, "time_us": T + 7, "kind": "account",
            "account": {"active": false, "did": BOB, "status": "deleted", "seq": 1, "time": "2025-01-01T00:00:00Z"}});
        send(7, gone.to_string());
        rig.committed(&mut running, T + 7).await;
        assert_eq!(tally(rig.store.clone()).await, [(ALICE.to_owned(), 1), (BOB.to_owned(), 0)]);
        running.stop().await;
    })
    .await;
}
