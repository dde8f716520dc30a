//! Which of several accounts a client needs.
//!
//! Clients say which registry they talk to and not what about. What they were called with says it: an image whose owner is one of
//! the accounts.

use crate::credentials::Account;
use crate::host::Host;

/// The account that owns the image on the command line, else the active one.
pub(crate) fn pick<'a>(accounts: &'a [Account], host: &Host, caller: &[String]) -> Option<&'a Account> {
    let owners = caller.iter().filter_map(|word| owner(word, host));
    let mut named = owners.filter_map(|owner| accounts.iter().find(|account| is_of(account, owner)));
    // Of two images, such as when one is copied, the last is where something is written to.
    named.next_back().or_else(|| accounts.first())
}

/// The first component of an image of this registry in a word such as `docker://host/owner/app:tag`.
fn owner<'w>(word: &'w str, host: &Host) -> Option<&'w str> {
    let rest = word.rsplit_once("://").map_or(word, |(_, rest)| rest);
    let (found, name) = rest.split_once('/')?;
    let (owner, _) = name.split_once('/')?;
    found.eq_ignore_ascii_case(host.as_str()).then_some(owner)
}

/// Whether an account is the owner of this spelling (spec/registry.md §0.1).
fn is_of(account: &Account, owner: &str) -> bool {
    let hyphenated = |did: &String| did.replacen(':', "-", 2) == owner;
    account.is_called(owner) || account.did.as_ref().is_some_and(hyphenated)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(username: &str, did: Option<&str>) -> Account {
        Account { username: username.into(), did: did.map(Into::into), secret: "s".into() }
    }

    #[test]
    fn the_owner_of_the_image_counts() {
        let accounts =
            [account("alice.test", Some("did:plc:alice")), account("bob.test", Some("did:plc:bob"))];
        let host = Host::parse("127.0.0.1:5000").unwrap();
        for (command, expected) in [
            ("docker push 127.0.0.1:5000/bob.test/app:v1", "bob.test"),
            ("skopeo copy oci:x docker://127.0.0.1:5000/did-plc-bob/app:v1", "bob.test"),
            (
                "skopeo copy docker://127.0.0.1:5000/bob.test/a docker://127.0.0.1:5000/alice.test/a",
                "alice.test",
            ),
            ("docker push other.test/bob.test/app", "alice.test"),
            ("docker push 127.0.0.1:5000/carol.test/app", "alice.test"),
            ("docker login 127.0.0.1:5000", "alice.test"),
            ("", "alice.test"),
        ] {
            let caller: Vec<String> = command.split(' ').map(Into::into).collect();
            assert_eq!(pick(&accounts, &host, &caller).unwrap().username, expected, "{command}");
        }
        assert_eq!(pick(&[], &host, &[]), None);
    }
}
