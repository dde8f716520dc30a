//! What this server's operator has decided about other hosts (spec/social.md §4.7, §6.4).

use social::moderation::{Rule, rule_of, rules_of_hosts};
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
        Ok(self.is_shut(rule_of(conn, authority)?))
    }

    /// The same of many, by one statement: those of them that are shut out.
    pub(crate) fn shut_out<'h>(self, conn: &mut Conn<'_>, hosts: &[&'h str]) -> Result<Vec<&'h str>, Error> {
        let rules = rules_of_hosts(conn, hosts)?;
        Ok(hosts.iter().copied().filter(|host| self.is_shut(rules.get(*host).copied())).collect())
    }

    fn is_shut(self, rule: Option<Rule>) -> bool {
        match rule {
            Some(Rule::Suspend) => !faults::mutant!("federation-shut-out-host-told"),
            Some(Rule::Allow) => false,
            Some(Rule::Silence) | None => self.only_allowed,
        }
    }
}
