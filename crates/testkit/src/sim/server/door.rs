//! A port that is ours whether we listen at it or not.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc;

use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

/// Connections that wait to be accepted.
const BACKLOG: u32 = 1024;

pub(crate) enum Door {
    /// Bound without listening: connections are refused, and nobody else gets the port.
    Closed(TcpSocket),
    /// Listening.
    Open {
        /// Tells the listener and all connections to end.
        close: CancellationToken,
        /// Disconnected when the listener is gone.
        gone: mpsc::Receiver<()>,
    },
    /// Given back.
    Gone,
}

impl Door {
    pub(crate) fn closed() -> (Self, SocketAddr) {
        let socket = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let address = socket.local_addr().expect("a bound socket has an address");
        (Self::Closed(socket), address)
    }

    /// Listens, if it does not yet.
    pub(crate) fn open<F>(
        &mut self,
        runtime: &Handle,
        accept: impl FnOnce(TcpListener, CancellationToken) -> F,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let socket = match std::mem::replace(self, Self::Gone) {
            Self::Closed(socket) => socket,
            other => {
                *self = other;
                return;
            }
        };
        let _in_runtime = runtime.enter();
        let listener = socket.listen(BACKLOG).expect("a port of our own can be listened at");
        let close = CancellationToken::new();
        let (here, gone) = mpsc::channel();
        let accepting = accept(listener, close.clone());
        runtime.spawn(async move {
            accepting.await;
            drop(here);
        });
        *self = Self::Open { close, gone };
    }

    /// Refuses connections from now on, and cuts those there are.
    pub(super) fn close(&mut self, address: SocketAddr) {
        if matches!(self, Self::Open { .. }) && self.cut() {
            *self = Self::Closed(bind(address));
        }
    }

    /// Stops listening; whether it did.
    pub(crate) fn cut(&mut self) -> bool {
        let Self::Open { close, gone } = std::mem::replace(self, Self::Gone) else { return false };
        close.cancel();
        // An error is what we wait for: it means that the other end was dropped, after the listener.
        let _ = gone.recv();
        true
    }
}

fn bind(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().expect("a socket");
    // Connections that have just ended must not keep us from our port.
    socket.set_reuseaddr(true).expect("an option that sockets have");
    socket.bind(address).expect("a free port on loopback");
    socket
}
