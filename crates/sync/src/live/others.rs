//! What this instance says to the others, if there can be any.

use std::sync::Arc;
use std::time::Duration;

use serde_json::value::RawValue;

use super::Relay;
use super::bus::Said;
use crate::rpc::Calls;
use crate::updates::Audience;

/// How long other instances may take to say that they have something.
const ANSWER: Duration = Duration::from_secs(1);

impl Relay {
    /// Tells the other instances that there is something in the log.
    pub(super) fn say_look(&self, accounts: Vec<String>) {
        if let Some(bus) = self.bus() {
            bus.say(Said::Look(accounts));
        }
    }

    pub(super) fn say_mention(&self, account: &str, audience: &Audience, body: Box<RawValue>) {
        if let Some(bus) = self.bus() {
            bus.say(Said::Mention { account: account.to_owned(), audience: audience.clone(), body });
        }
    }

    pub(super) fn say_revoked(&self, account: &str, token: Option<&str>) {
        if let Some(bus) = self.bus() {
            bus.say(Said::Revoked { account: account.to_owned(), token: token.map(str::to_owned) });
        }
    }

    /// A session has ended, or goes on.
    pub(crate) fn say_silenced(&self, session: &str, until: Option<i64>) {
        if let Some(bus) = self.bus() {
            bus.say(Said::Silenced { session: session.to_owned(), until });
        }
    }

    /// Whether another instance has a socket of the machine. One that does not answer within a second has none.
    pub(crate) async fn has_machine_elsewhere(&self, account: &str, machine: &str) -> bool {
        let Some(bus) = self.bus() else { return false };
        let question = bus.calls.begin();
        let (id, account, machine) = (question.id.clone(), account.to_owned(), machine.to_owned());
        bus.say(Said::Machine { id, account, machine });
        tokio::time::timeout(ANSWER, question.progress.claimed.cancelled()).await.is_ok()
    }

    /// The calls that other instances make for this one, if there can be any.
    pub(crate) fn calls(&self) -> Option<Arc<Calls>> {
        self.bus().map(|bus| bus.calls.clone())
    }

    pub(crate) fn say_call(&self, id: &str, account: &str, method: &str) {
        if let Some(bus) = self.bus() {
            let (id, account) = (id.to_owned(), account.to_owned());
            bus.say(Said::Call { id, account, method: method.to_owned() });
        }
    }

    pub(crate) fn say_claimed(&self, id: &str) {
        if let Some(bus) = self.bus() {
            bus.say(Said::Claimed { id: id.to_owned() });
        }
    }

    pub(crate) fn say_answered(&self, id: &str) {
        if let Some(bus) = self.bus() {
            bus.say(Said::Answered { id: id.to_owned() });
        }
    }
}
