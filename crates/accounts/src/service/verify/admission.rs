//! What an accepted audience may call.

use super::Refusal;
use crate::service::ServiceEntry;

/// Checks that a method may be called through the service that a token is for; on routes that are no method, that the
/// token names a service and that it is offered.
///
/// Without a fragment the token is for the server as a whole, and may call the methods that any of its services admits. That is
/// what a PDS makes of a client's `atproto-proxy: DID#service`: it drops the fragment. Whoever offers other services under
/// the same DID elsewhere should know that a token for one of them opens this one too, for the method it names.
pub(super) fn admit(
    entries: &[ServiceEntry],
    fragment: Option<&str>,
    method: Option<&str>,
) -> Result<(), Refusal> {
    let addressed = |entry: &&ServiceEntry| fragment.is_none_or(|name| entry.fragment.name() == name);
    let mut addressed = entries.iter().filter(addressed).peekable();
    match (fragment, method) {
        (None, None) => Err(Refusal::Unbound),
        _ if addressed.peek().is_none() => Err(Refusal::NoEntry),
        (Some(_), None) => Ok(()),
        (_, Some(nsid)) if addressed.any(|entry| entry.admits(nsid)) => Ok(()),
        (_, Some(_)) => Err(Refusal::NotAdmitted),
    }
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;
    use crate::service::{AccessMode, Fragment};

    fn entry(name: &str, access: AccessMode, xrpcs: &[&str]) -> ServiceEntry {
        ServiceEntry {
            id: 1,
            fragment: Fragment::service(name).unwrap(),
            service_type: "T".to_owned(),
            access,
            xrpcs: xrpcs.iter().map(ToString::to_string).collect(),
            created_at: OffsetDateTime::UNIX_EPOCH,
            updated_at: OffsetDateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn an_entry_admits_what_it_lists_or_everything() {
        let entries =
            [entry("#all", AccessMode::All, &[]), entry("#some", AccessMode::Specific, &["a.b.listed"])];
        let some = &entries[1..];
        for (offered, fragment, method, expected) in [
            (&entries[..], Some("all"), Some("a.b.any"), Ok(())),
            (&entries, Some("some"), Some("a.b.listed"), Ok(())),
            (&entries, Some("some"), Some("a.b.any"), Err(Refusal::NotAdmitted)),
            (&entries, Some("none"), Some("a.b.listed"), Err(Refusal::NoEntry)),
            (&entries, Some("al"), Some("a.b.any"), Err(Refusal::NoEntry)),
            (&entries, Some("none"), None, Err(Refusal::NoEntry)),
            (&entries, Some("some"), None, Ok(())),
            (&entries, None, Some("a.b.any"), Ok(())),
            (some, None, Some("a.b.listed"), Ok(())),
            (some, None, Some("a.b.any"), Err(Refusal::NotAdmitted)),
            (&[], None, Some("a.b.any"), Err(Refusal::NoEntry)),
            (&entries, None, None, Err(Refusal::Unbound)),
        ] {
            assert_eq!(admit(offered, fragment, method), expected, "{fragment:?} {method:?}");
        }
    }

    #[test]
    fn the_list_of_an_open_entry_is_without_effect() {
        let open = [entry("#all", AccessMode::All, &["a.b.listed"])];
        assert_eq!(admit(&open, Some("all"), Some("a.b.other")), Ok(()));
    }
}
