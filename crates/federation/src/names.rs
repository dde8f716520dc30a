//! What things of this server are called among others (spec/social.md §4.1).

use std::ops::Deref;
use std::sync::Arc;

use activitypub::Address;
use social::Addresses;
use uuid::Uuid;

/// The microblog's names, and which names of others are among them. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Names(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    addresses: Addresses,
    address: Address,
}

impl Names {
    pub(crate) fn new(addresses: &Addresses) -> Result<Self, activitypub::AddressError> {
        Ok(Self(Arc::new(Inner { address: Address::parse(addresses.base())?, addresses: addresses.clone() })))
    }

    /// As functions of the microblog take them.
    pub(crate) fn addresses(&self) -> &Addresses {
        &self.0.addresses
    }

    /// Where this server is.
    pub(crate) fn address(&self) -> &Address {
        &self.0.address
    }

    /// The path in front of all others, as a proxy strips it; often nothing.
    pub(crate) fn prefix(&self) -> &str {
        self.0.address.url().path().trim_end_matches('/')
    }

    /// Whether an address is one of this server.
    pub(crate) fn is_ours(&self, address: &Address) -> bool {
        address.authority() == self.0.address.authority()
    }

    /// Of an activity that leaves nothing behind.
    pub(crate) fn new_activity(&self) -> String {
        self.activity(&Uuid::now_v7().to_string())
    }

    /// The uuid in an actor's address, if it is of somebody here.
    pub(crate) fn local_actor<'a>(&self, address: &'a Address) -> Option<&'a str> {
        self.actor_at(address.as_str())
    }

    /// The uuid in a thought's address, if it was written here.
    pub(crate) fn local_note<'a>(&self, address: &'a Address) -> Option<&'a str> {
        self.thought_at(address.as_str())
    }
}

impl Deref for Names {
    type Target = Addresses;

    fn deref(&self) -> &Addresses {
        &self.0.addresses
    }
}
