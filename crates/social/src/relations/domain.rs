//! Names of other hosts.

use crate::{Addresses, Error};

/// The name of a host as it is kept: in lower case, with its port, if that is not the default.
pub(crate) fn domain(addresses: &Addresses, name: &str) -> Result<String, Error> {
    let name = name.trim().to_lowercase();
    let is_host = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    if !(1..=255).contains(&name.len()) || !name.chars().all(is_host) {
        return Err(Error::Invalid("domain is the name of a host".into()));
    }
    if name == addresses.domain() {
        return Err(Error::Invalid("this is the host of this server itself".into()));
    }
    Ok(name)
}
