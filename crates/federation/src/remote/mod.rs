//! What is fetched because somebody here looks at it (spec/social.md §5.4): what people elsewhere wrote, whom they know, and the threads
//! that their notes are in.

mod connections;
mod posts;
mod thread;

use activitypub::Address;
use tracing::debug;

use crate::services::Services;

pub(crate) use self::connections::connections;
pub(crate) use self::posts::posts;
pub(crate) use self::thread::{ancestors, note, read, replies};

/// Between two pages of one list: nobody's server is asked as fast as it can answer.
pub(super) const PAUSE: std::time::Duration = std::time::Duration::from_millis(100);

/// What a note answers, and what that answers, without anybody waiting for it.
pub(crate) fn ancestors_behind(services: &Services, note: Address) {
    let services = services.clone();
    tokio::spawn(async move {
        if let Err(error) = ancestors(&services, &note).await {
            debug!(%error, %note, "what a note answers is not to be had");
        }
    });
}

/// What somebody elsewhere wrote before they were followed here.
pub(crate) fn posts_behind(services: &Services, actor: Address) {
    let services = services.clone();
    tokio::spawn(async move {
        if let Err(error) = posts(&services, &actor).await {
            debug!(%error, %actor, "what somebody wrote is not to be had");
        }
    });
}
