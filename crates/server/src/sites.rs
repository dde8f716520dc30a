//! Where the server is at home.

/// The web sites that the server is: what it asks to tell its own pages and host names from others'.
///
/// Called for every request, so both questions must be answered from memory.
pub trait Sites: Send + Sync + 'static {
    /// Whether `origin` is exactly the origin of a site, as browsers send it: scheme, host in lower case, port unless it
    /// is the scheme's default, e.g. `https://app.example.com`. Never true of `null`.
    fn has_origin(&self, origin: &str) -> bool;

    /// Whether a site has the host name `host`, given in lower case and without port, IPv6 addresses in brackets.
    fn has_host(&self, host: &str) -> bool;
}

/// Under which host names a mount answers.
///
/// This keeps a document that speaks of one site (its DID, its OAuth client) from being read at another's address. It
/// protects no secrets: a client can write any host name into its request, and so pick among the registered ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hosts {
    /// Any: for probes, files, and operators who come through a tunnel or by address.
    Any,
    /// Those of the [`Sites`]; at any other the answer is 421 `Unknown host`.
    Registered,
}
