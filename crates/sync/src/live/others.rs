//! What this instance says to the others, if there can be any.

use std::sync::Arc;

use serde_json::value::RawValue;

use super::Relay;
use super::bus::Said;
use crate::rpc::Calls;
use crate::updates::Audience;

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
