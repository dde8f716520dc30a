//! The scenarios.

mod crashes;
mod deliveries;
mod images;
mod labels;
mod machine;
mod network;
mod people;
mod sources;
mod stream;
mod together;

use crate::{Kind, Scenario};

macro_rules! scenario {
    ($name:literal, $about:literal, $kinds:expr, $play:path) => {
        Scenario { name: $name, about: $about, kinds: $kinds, play: |run| Box::pin($play(run)) }
    };
}

const BOTH: &[Kind] = &Kind::ALL;

/// All of them, by name.
pub const SCENARIOS: &[Scenario] = &[
    scenario!("duplicates", "messages come twice, at once or much later", BOTH, stream::duplicates),
    scenario!("reordering", "messages of different accounts come in another order", BOTH, stream::reordering),
    scenario!("replays", "what came long ago comes once more, across restarts", BOTH, stream::replays),
    scenario!(
        "gaps",
        "the source forgets what happened while nobody followed, or leaves commits out",
        BOTH,
        stream::gaps
    ),
    scenario!("hostile", "what means nothing, or is not true, comes between", BOTH, stream::hostile),
    scenario!("forgeries", "a relay makes commits up and leaves operations out", BOTH, stream::forgeries),
    scenario!("sockets", "connections break, stall and crawl", BOTH, stream::sockets),
    scenario!(
        "accounts",
        "accounts are switched off, taken down, deleted, and come back",
        BOTH,
        people::accounts
    ),
    scenario!("moves", "accounts move, are renamed, and have other keys", BOTH, people::moves),
    scenario!("decisions", "records are left out here, and come again and again", BOTH, people::decisions),
    scenario!(
        "history",
        "history is fetched from hosts that fail now and then, while people write",
        BOTH,
        network::history
    ),
    scenario!("failover", "from Jetstream to Jetstream to relay to Jetstream", BOTH, sources::failover),
    scenario!("slow-disk", "writing takes its time", BOTH, machine::slow_disk),
    scenario!("full-disk", "nothing can be written for a while", &[Kind::Sqlite], machine::full_disk),
    scenario!("clock", "the machine's clock jumps, ahead and back", BOTH, machine::clock),
    scenario!("pauses", "the process is suspended, its connections stay", BOTH, machine::pauses),
    scenario!("kills", "the process is killed at random moments", BOTH, machine::kills),
    scenario!(
        "database",
        "connections to PostgreSQL are cut, and it restarts",
        &[Kind::Postgres],
        machine::database
    ),
    scenario!("crashes", "the process dies at chosen moments", BOTH, crashes::crashes),
    scenario!(
        "labels",
        "labelers take back and repeat themselves, their streams break",
        BOTH,
        labels::labels
    ),
    scenario!("images", "the registry dies while images are pushed", BOTH, images::images),
    scenario!(
        "deliveries",
        "the server of somebody with followers elsewhere dies while they are told",
        BOTH,
        deliveries::deliveries
    ),
    scenario!("everything", "all of it at once", BOTH, together::everything),
];
