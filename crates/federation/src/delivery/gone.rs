//! Inboxes that are not there any more: if their owners are not either, nobody follows from there.

use store::{Conn, Database, v};
use tracing::{debug, info};

use crate::actors::Actors;
use crate::fetch::{Budget, FetchError};
use activitypub::Address;

/// Owners of one inbox that are asked for.
const ASKED: i64 = 20;

/// Asks for those whose inbox this is, without waiting for it, and lets go of those who are gone (spec/social.md §4.10).
pub(super) fn look_whether(state: &Database, actors: &Actors, inbox: &str) {
    let (state, actors, inbox) = (state.clone(), actors.clone(), inbox.to_owned());
    tokio::spawn(async move {
        let wanted = inbox.clone();
        let owners = state.read(move |conn| owners(conn, &wanted)).await.unwrap_or_default();
        let budget = Budget::new();
        for (id, address) in owners {
            let Ok(address) = Address::parse(&address) else { continue };
            actors.fetcher().try_again(&address);
            match actors.fetcher().object(&budget, &address).await {
                Err(FetchError::Gone) => {
                    match state.write(move |conn| crate::inbox::let_go(conn, clock::now_micros(), id)).await {
                        Ok(()) => {
                            info!(%address, "an actor and its inbox are gone, nobody follows from there any more");
                        }
                        Err(error) => debug!(%error, "follows of somebody who is gone are kept"),
                    }
                }
                Err(error) => debug!(%error, %address, "an inbox is gone, of its owner nothing is known"),
                Ok(_) => {}
            }
        }
    });
}

fn owners(conn: &mut Conn<'_>, inbox: &str) -> Result<Vec<(social::Id, String)>, store::Error> {
    conn.query(
        "SELECT u.id, u.ap_id FROM social_remote_actors r JOIN social_users u ON u.id = r.user_id
         WHERE (r.inbox = $1 OR r.shared_inbox = $1) AND u.ap_id IS NOT NULL LIMIT $2",
        &[v(inbox), v(ASKED)],
        |row| Ok((social::Id(row.int(0)?), row.string(1)?)),
    )
}
