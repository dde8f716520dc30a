//! A DNS server on loopback that answers from a table and remembers what it was asked.

use std::collections::{HashMap, VecDeque};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::rdata::TXT;
use hickory_resolver::proto::rr::{RData, Record, RecordType};
use tokio::net::UdpSocket;

/// Every query is answered by the next of these; the last one stays.
type Answers = VecDeque<Answer>;

#[derive(Clone)]
enum Answer {
    Records(Vec<RData>),
    Failure,
    Silence,
}

#[derive(Default)]
struct Table {
    answers: HashMap<(String, RecordType), Answers>,
    asked: HashMap<(String, RecordType), usize>,
}

/// Stops with the runtime of the test.
pub struct DnsServer {
    /// Where to ask it.
    pub address: SocketAddr,
    table: Arc<Mutex<Table>>,
}

impl DnsServer {
    /// With an empty table.
    pub async fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap_or_else(|error| panic!("a socket: {error}"));
        let address = socket.local_addr().unwrap_or_else(|error| panic!("its address: {error}"));
        let table = Arc::<Mutex<Table>>::default();
        let answers = Arc::clone(&table);
        tokio::spawn(async move {
            let mut buffer = [0; 4096];
            while let Ok((length, peer)) = socket.recv_from(&mut buffer).await {
                let reply = locked(&answers).reply(&buffer[..length]);
                if let Some(reply) = reply {
                    // Whoever does not wait any more asks again.
                    let _ = socket.send_to(&reply, peer).await;
                }
            }
        });
        Self { address, table }
    }

    /// From now on `name` has these addresses and no others.
    pub fn addresses(&self, name: &str, addresses: &[&str]) {
        self.set(name, RecordType::A, []);
        self.set(name, RecordType::AAAA, []);
        self.then_addresses(name, addresses);
    }

    /// After its previous answer was given once, `name` has these addresses.
    pub fn then_addresses(&self, name: &str, addresses: &[&str]) {
        let parsed: Vec<IpAddr> = addresses
            .iter()
            .map(|address| address.parse().unwrap_or_else(|error| panic!("{address}: {error}")))
            .collect();
        let (v4, v6): (Vec<_>, Vec<_>) = parsed.into_iter().partition(IpAddr::is_ipv4);
        for (kind, addresses) in [(RecordType::A, v4), (RecordType::AAAA, v6)] {
            let records = addresses.into_iter().map(RData::from).collect();
            self.push(name, kind, Answer::Records(records));
        }
    }

    /// From now on `name` has these TXT records.
    pub fn txt(&self, name: &str, values: &[&str]) {
        let records = values.iter().map(|value| RData::TXT(TXT::new(vec![(*value).to_owned()]))).collect();
        self.set(name, RecordType::TXT, [Answer::Records(records)]);
    }

    /// From now on `name` has one TXT record made of these strings.
    pub fn txt_strings(&self, name: &str, strings: &[&[u8]]) {
        let record = RData::TXT(TXT::from_bytes(strings.to_vec()));
        self.set(name, RecordType::TXT, [Answer::Records(vec![record])]);
    }

    /// From now on queries for this are answered with SERVFAIL.
    pub fn fail(&self, name: &str, kind: RecordType) {
        self.set(name, kind, [Answer::Failure]);
    }

    /// From now on queries for this are not answered.
    pub fn silence(&self, name: &str, kind: RecordType) {
        self.set(name, kind, [Answer::Silence]);
    }

    /// How often this was asked for.
    #[must_use]
    pub fn asked(&self, name: &str, kind: RecordType) -> usize {
        locked(&self.table).asked.get(&(name.to_owned(), kind)).copied().unwrap_or(0)
    }

    fn set<const N: usize>(&self, name: &str, kind: RecordType, answers: [Answer; N]) {
        locked(&self.table).answers.insert((name.to_owned(), kind), answers.into());
    }

    fn push(&self, name: &str, kind: RecordType, answer: Answer) {
        locked(&self.table).answers.entry((name.to_owned(), kind)).or_default().push_back(answer);
    }
}

impl Table {
    fn reply(&mut self, query: &[u8]) -> Option<Vec<u8>> {
        let query = Message::from_vec(query).ok()?;
        let question = query.queries.first()?.clone();
        let name = question.name().to_string().trim_end_matches('.').to_lowercase();
        let known = self.answers.keys().any(|(other, _)| *other == name);
        let key = (name, question.query_type());
        *self.asked.entry(key.clone()).or_default() += 1;

        let mut reply = Message::response(query.metadata.id, query.metadata.op_code);
        reply.metadata.recursion_available = true;
        reply.add_query(question.clone());
        match next(self.answers.get_mut(&key)) {
            Some(Answer::Records(records)) => {
                let owned = |data| Record::from_rdata(question.name().clone(), 0, data);
                reply.add_answers(records.into_iter().map(owned));
            }
            Some(Answer::Failure) => reply.metadata.response_code = ResponseCode::ServFail,
            Some(Answer::Silence) => return None,
            None if known => {}
            None => reply.metadata.response_code = ResponseCode::NXDomain,
        }
        reply.to_vec().ok()
    }
}

fn next(answers: Option<&mut Answers>) -> Option<Answer> {
    let answers = answers?;
    if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() }
}

fn locked(table: &Mutex<Table>) -> MutexGuard<'_, Table> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}
