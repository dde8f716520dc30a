//! The one line on standard output: the server listens, and here.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use serde::Serialize;

/// What programs that start a server wait for.
#[derive(Debug, Serialize)]
pub(super) struct Ready {
    pub(super) event: &'static str,
    pub(super) url: String,
    pub(super) metrics: String,
    pub(super) version: &'static str,
    pub(super) apps: Vec<&'static str>,
    pub(super) database: &'static str,
    pub(super) pid: u32,
}

impl Ready {
    /// Prints the line.
    pub(super) fn print(&self) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        serde_json::to_writer(&mut stdout, self)?;
        stdout.write_all(b"\n")?;
        stdout.flush()
    }
}

/// A URL that reaches a listener from this machine.
pub(super) fn local_url(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_can_be_used() {
        let url = |address: &str| local_url(address.parse().unwrap());
        assert_eq!(url("0.0.0.0:3000"), "http://127.0.0.1:3000");
        assert_eq!(url("[::]:3000"), "http://[::1]:3000");
        assert_eq!(url("192.0.2.7:80"), "http://192.0.2.7:80");
    }
}
