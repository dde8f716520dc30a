//! TCP and TLS to a checked target, for what the HTTP client does not do.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::client::Outbound;
use crate::error::{Attempt, Cause, Error};
use crate::policy::Transport;
use crate::stream::Stream;
use crate::target::{Place, Target};

/// Resolves the target and connects to one of the addresses the guard returned, within `limit`.
pub(crate) async fn connect(
    outbound: &Outbound,
    target: &Target,
    limit: Duration,
    attempt: &Attempt,
) -> Result<Stream, Error> {
    let failed = |source: Cause| Error::Connect { attempt: attempt.clone(), source };
    let addresses = match &target.place {
        Place::Address(address) => vec![*address],
        Place::Name(name) => outbound
            .guard(target.transport)
            .addresses(name.as_ref())
            .await
            .map_err(|error| Error::from_guard(attempt.clone(), error))?,
    };
    let tcp = dial(&addresses, target.port, limit).await.map_err(|error| failed(error.into()))?;
    match target.transport {
        Transport::Plain => Ok(Stream::Plain(tcp)),
        Transport::Tls => {
            let name = match &target.place {
                Place::Name(name) => ServerName::DnsName(name.clone()),
                Place::Address(address) => ServerName::from(*address),
            };
            let connector = TlsConnector::from(Arc::clone(&outbound.shared.tls));
            let tls = connector.connect(name, tcp).await.map_err(|error| failed(error.into()))?;
            Ok(Stream::Tls(Box::new(tls)))
        }
    }
}

/// Tries the addresses in turn, each for an equal share of the time left: one that swallows packets (IPv6 without a
/// route) must not use up the time of the others.
async fn dial(addresses: &[IpAddr], port: u16, limit: Duration) -> io::Result<TcpStream> {
    let deadline = Instant::now() + limit;
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for (left, address) in (1..=addresses.len()).rev().zip(addresses) {
        let remaining = deadline.saturating_duration_since(Instant::now());
        let share = remaining / u32::try_from(left).unwrap_or(u32::MAX);
        match tokio::time::timeout(share, TcpStream::connect(SocketAddr::new(*address, port))).await {
            Ok(Ok(stream)) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Ok(Err(error)) => last = error,
            Err(elapsed) => last = elapsed.into(),
        }
    }
    Err(last)
}
