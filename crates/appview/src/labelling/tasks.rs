//! What goes on by itself: following labelers, asking them about new records, forgetting what nobody needs.

use accounts::Settings;
use labels::{Fetch, LabelsParts, Subscriptions, maintain};
use records::Records;
use server::Task;

use super::Labelling;
use super::new_records::{NewRecords, ask};

/// What labelers are followed with.
pub(crate) struct Followers {
    pub(crate) labelling: Labelling,
    pub(crate) parts: LabelsParts,
    pub(crate) records: Records,
    pub(crate) settings: Settings,
}

pub(crate) fn tasks(followers: Followers) -> [Task; 4] {
    let Followers { labelling, parts, records, settings } = followers;
    let (fetch, fetcher) = Fetch::open(parts.clone());
    let subscriptions = Subscriptions::new(parts);
    let new_records = NewRecords { records, settings, fetch };
    [
        Task::new("follow-labelers", move |stop| subscriptions.run(stop)),
        Task::new("fetch-labels", move |stop| fetcher.run(stop)),
        Task::new("ask-for-labels", move |stop| ask(new_records, stop)),
        Task::new("collect-labels", move |stop| maintain(labelling.labels, stop)),
    ]
}
