//! Names of other hosts.

use activitypub::host;

use crate::{Addresses, Error};

/// The name of a host as it is kept, and as people there have it: in lower case and ASCII, with its port, if that is not the default.
pub fn domain(addresses: &Addresses, name: &str) -> Result<String, Error> {
    // Whole names may end with a dot.
    let name = name.trim().trim_end_matches('.');
    let name = host::normalized(name).filter(|name| name.len() <= 255);
    let name = name.ok_or_else(|| Error::Invalid("domain is the name of a host".into()))?;
    if name == addresses.domain() {
        return Err(Error::Invalid("this is the host of this server itself".into()));
    }
    Ok(name)
}

/// Under which names a host may be kept that is called so: as it is kept now, and as it was written, which was kept before.
#[must_use]
pub fn names_of_domain(addresses: &Addresses, name: &str) -> Vec<String> {
    let written = name.trim().to_lowercase();
    let kept = domain(addresses, name).ok().filter(|kept| *kept != written);
    kept.into_iter().chain([written]).collect()
}
