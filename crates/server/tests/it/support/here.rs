//! The sites of the server under test.

use server::Sites;

/// `https://app.test` and `https://two.test:8443`, and the names that tests connect by.
pub(crate) struct Here;

const ORIGINS: [&str; 2] = ["https://app.test", "https://two.test:8443"];
const HOSTS: [&str; 5] = ["app.test", "two.test", "test", "t", "[::1]"];

impl Sites for Here {
    fn has_origin(&self, origin: &str) -> bool {
        ORIGINS.contains(&origin)
    }

    fn has_host(&self, host: &str) -> bool {
        HOSTS.contains(&host)
    }
}
