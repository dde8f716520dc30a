//! What this server's operator has decided about other hosts (spec/social.md §4.7, §6.4).

use social::moderation::{Rule, rule_of};
use store::{Conn, Error};

/// Whom this server speaks with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Gate {
    /// Only with hosts that are allowed, or also with all that are not suspended.
    pub(crate) only_allowed: bool,
}

impl Gate {
    /// Whether nothing is taken from a host, sent there or fetched there. The rule about the host itself counts, or else that of the
    /// nearest host above it.
    pub(crate) fn shuts_out(self, conn: &mut Conn<'_>, authority: &str) -> Result<bool, Error> {
        Ok(match rule_of(conn, authority)? {
            Some(Rule::Suspend) => !faults::mutant!("federation-shut-out-host-told"),
            Some(Rule::Allow) => false,
            Some(Rule::Silence) | None => self.only_allowed,
        })
    }
}
