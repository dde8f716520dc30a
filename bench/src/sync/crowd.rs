//! Many sockets that say nothing.

use std::time::Duration;

use super::SETTLE;
use super::visitors::Visitor;
use crate::belvedere::Server;

/// Sockets of one account: strangers may not log in without end.
const OF_ONE: usize = 50;

/// Between two answers to pings, which are due every 15 s.
const ROUND: Duration = Duration::from_millis(1);

/// The server's memory in bytes while so many are connected.
pub(super) async fn gather(server: &Server<'_>, count: usize) -> anyhow::Result<usize> {
    let mut visitor = Visitor::new(server).await?;
    let mut sockets = Vec::with_capacity(count);
    for number in 0..count {
        if number % OF_ONE == 0 {
            visitor = Visitor::new(server).await?;
        }
        let mut socket = visitor.listen(number % 2 == 1).await?;
        // Pings are answered by whoever reads.
        sockets.push(tokio::spawn(async move { while socket.next().await.is_some() {} }));
        if number % 100 == 0 {
            tokio::time::sleep(ROUND).await;
        }
    }
    tokio::time::sleep(SETTLE).await;
    let memory = server.process().anonymous_memory()?;
    let gone = sockets.iter().filter(|socket| socket.is_finished()).count();
    anyhow::ensure!(gone == 0, "{gone} of {count} sockets are gone");
    Ok(memory)
}
