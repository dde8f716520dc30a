//! The service identity and the tokens of other servers, over a served shell.

mod attached;
mod document;
mod entries;
mod identity;
mod issuer;
mod plc;
mod proxied;
mod refusals;
mod replay;
mod resolve;
mod rotation;
mod setup;
pub(crate) mod site;
mod token;
mod verify;

use testkit::{Answer, ServiceTokenDraft as Draft};

use self::{issuer::Issuer, site::Site};

/// The answer has this status; its body does not matter.
fn answers(status: u16, answer: &Answer) {
    let _ = answer.expect(status);
}
