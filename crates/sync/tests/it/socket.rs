//! A small Socket.IO client: what it hears it keeps until it is asked for. The real one is in `peers/sync`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use testkit::relay::{Refusal, Wire};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::timeout;

/// What happens must happen within this time.
const PATIENCE: Duration = Duration::from_secs(20);

/// Answers calls.
type Callee = Box<dyn Fn(&Value) -> Value + Send>;

/// A connected socket; closed when dropped.
pub(crate) struct Socket {
    outgoing: mpsc::UnboundedSender<String>,
    heard: watch::Receiver<Vec<(String, Value)>>,
    acks: Arc<Mutex<HashMap<u64, oneshot::Sender<Value>>>>,
    callee: Arc<Mutex<Option<Callee>>>,
}

impl Socket {
    /// The error is what the server refuses with.
    pub(crate) async fn connect(base: &str, auth: Value) -> Result<Self, String> {
        let mut wire = match Wire::connect(base, &auth).await {
            Ok(wire) => wire,
            Err(Refusal::Refused(reason)) => return Err(reason),
            Err(Refusal::Unreachable) => panic!("nobody at {base}"),
        };
        let (outgoing, mut sent) = mpsc::unbounded_channel::<String>();
        let (tell, heard) = watch::channel(Vec::new());
        let acks: Arc<Mutex<HashMap<u64, oneshot::Sender<Value>>>> = Arc::default();
        let callee: Arc<Mutex<Option<Callee>>> = Arc::default();
        let (pending, callees) = (Pending(acks.clone()), callee.clone());
        tokio::spawn(async move {
            let Pending(pending) = &pending;
            loop {
                tokio::select! {
                    text = sent.recv() => match text {
                        Some(text) => wire.send(text).await,
                        None => return wire.leave().await,
                    },
                    packet = wire.next() => {
                        let Some(text) = packet else { return };
                        if let Some(reply) = hear(&text, &tell, pending, &callees) {
                            wire.send(reply).await;
                        }
                    }
                }
            }
        });
        Ok(Self { outgoing, heard, acks, callee })
    }

    pub(crate) fn emit(&self, event: &str, data: &Value) {
        self.outgoing.send(format!("42{}", json!([event, data]))).unwrap();
    }

    /// Says something and waits for the answer.
    pub(crate) async fn ask(&self, event: &str, data: &Value) -> Value {
        let (sender, answer) = oneshot::channel();
        let id = {
            let mut acks = self.acks.lock().unwrap();
            let id = u64::from(rand::random::<u32>());
            acks.insert(id, sender);
            id
        };
        self.outgoing.send(format!("42{id}{}", json!([event, data]))).unwrap();
        let answer =
            timeout(PATIENCE, answer).await.unwrap_or_else(|_| panic!("no answer to {event} {data}"));
        answer.unwrap_or_else(|_| panic!("the connection ended before an answer to {event} {data}"))
    }

    /// From now on answers calls of the method.
    pub(crate) async fn answers(&mut self, method: &str, with: impl Fn(&Value) -> Value + Send + 'static) {
        *self.callee.lock().unwrap() = Some(Box::new(with));
        self.emit("rpc-register", &json!({ "method": method }));
        self.until("rpc-registered", |heard| heard["method"] == method).await;
    }

    /// Waits until `count` updates have come; their bodies, in the order they came.
    pub(crate) async fn updates(&mut self, count: usize) -> Vec<Value> {
        self.envelopes(count).await.into_iter().map(|mut update| update["body"].take()).collect()
    }

    /// Like [`updates`](Self::updates), with their numbers.
    pub(crate) async fn envelopes(&mut self, count: usize) -> Vec<Value> {
        let all = |heard: &Vec<(String, Value)>| -> Vec<Value> {
            heard.iter().filter(|(event, _)| event == "update").map(|(_, data)| data.clone()).collect()
        };
        let waited = timeout(PATIENCE, self.heard.wait_for(|heard| all(heard).len() >= count)).await;
        let found = waited.ok().and_then(Result::ok).map(|heard| all(&heard));
        found
            .unwrap_or_else(|| panic!("waited for {count} updates in vain; heard {:?}", *self.heard.borrow()))
    }

    /// What an event of this name carried that is as described.
    pub(crate) async fn until(&mut self, event: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let find = |heard: &Vec<(String, Value)>| {
            heard.iter().find(|(name, data)| name == event && is_it(data)).map(|(_, data)| data.clone())
        };
        let waited = timeout(PATIENCE, self.heard.wait_for(|heard| find(heard).is_some())).await;
        let found = waited.ok().and_then(Result::ok).and_then(|heard| find(&heard));
        found.unwrap_or_else(|| panic!("waited for {event} in vain; heard {:?}", *self.heard.borrow()))
    }

    /// What it heard so far, by the name of the event.
    pub(crate) fn heard(&self, event: &str) -> Vec<Value> {
        self.heard.borrow().iter().filter(|(name, _)| name == event).map(|(_, data)| data.clone()).collect()
    }
}

/// Who waits for answers: nobody any more when the connection has ended.
struct Pending(Arc<Mutex<HashMap<u64, oneshot::Sender<Value>>>>);

impl Drop for Pending {
    fn drop(&mut self) {
        self.0.lock().unwrap().clear();
    }
}

/// Keeps what a frame says; what is to be answered.
fn hear(
    text: &str,
    tell: &watch::Sender<Vec<(String, Value)>>,
    acks: &Mutex<HashMap<u64, oneshot::Sender<Value>>>,
    callee: &Mutex<Option<Callee>>,
) -> Option<String> {
    if text == "41" {
        tell.send_modify(|heard| heard.push(("disconnect".to_owned(), Value::Null)));
    }
    let (kind, rest) = text.split_at_checked(2)?;
    let at = rest.find('[')?;
    let (id, array) = rest.split_at(at);
    let mut array: Vec<Value> = serde_json::from_str(array).unwrap();
    if kind == "43" {
        let ack = acks.lock().unwrap().remove(&id.parse::<u64>().unwrap())?;
        let _ = ack.send(array.remove(0));
        return None;
    }
    let (event, data) = (array[0].as_str().unwrap().to_owned(), array.get(1).cloned().unwrap_or_default());
    let reply = (event == "rpc-request")
        .then(|| callee.lock().unwrap().as_ref().map(|answer| answer(&data)))
        .flatten()
        .map(|answer| format!("43{id}{}", json!([answer])));
    tell.send_modify(|heard| heard.push((event, data)));
    reply
}
