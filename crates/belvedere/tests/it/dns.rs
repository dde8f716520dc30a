//! A DNS server that knows no names.

use std::net::UdpSocket;

/// Starts it; it lives as long as the test. Returns its address.
pub(crate) fn start() -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let mut query = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut query) {
            let _ = socket.send_to(&no_such_name(&query[..length]), from);
        }
    });
    address
}

/// The answer (RFC 1035 §4.1.1) to a query: its header as a response with the code NXDOMAIN, and its one question.
fn no_such_name(query: &[u8]) -> Vec<u8> {
    let name = query[12..].iter().position(|byte| *byte == 0).unwrap();
    let mut answer = query[..12 + name + 5].to_vec();
    answer[2] |= 0x80;
    answer[3] = 0x83;
    // No records of any kind follow.
    answer[6..12].fill(0);
    answer
}
