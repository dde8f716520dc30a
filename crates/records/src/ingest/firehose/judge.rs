//! From messages to events worth applying: what cannot be proven is counted, told of and left out.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::{Duration, Instant};

use atproto::crypto::PublicKey;
use atproto::data::Limits;
use atproto::data::record::decode;
use atproto::firehose::{Action, CommitFault, Frame, Link, Proof, ReceivedCommit, ReceivedOp, ReceivedSync};
use atproto::repo::{Commit, RepoError, SignedCommit};
use atproto::{Did, Nsid, RecordKey};
use events::{EventLog, kinds};
use futures::stream::{self, StreamExt};
use identity::Resolver;
use serde_json::json;

use super::heads::{Step, known};
use crate::event::Event;
use crate::ingest::allowance::Allowance;
use crate::ingest::arrival::is_plausible;
use crate::ingest::meters::{dropped, received};
use crate::{Error, Interest, RecordAction, RecordEvent, Records, RepoStatus, now_micros};

/// Documents of accounts that are fetched at a time, and how long one may take: whoever is slower is taken for silent.
const AT_ONCE: usize = 32;
const PATIENCE: Duration = Duration::from_secs(5);

/// Accounts in the directory.
const PLC: &str = "did:plc:";

/// How often in a row it is waited for the directory before those accounts are left out that it says nothing of.
const MAX_SILENCES: u32 = 5;

/// For so long an account is taken for silent that was, so that it costs its wait once; and so many are remembered.
const SILENT_FOR: Duration = Duration::from_mins(1);
const MAX_SILENT: usize = 10_000;

/// Repositories of which something came lately; twice as many are remembered.
const MAX_RECENT: usize = 50_000;

/// Proves messages.
pub(in crate::ingest) struct Judge {
    records: Records,
    resolver: Resolver,
    log: EventLog,
    /// Repositories of which events are on their way, so that the database may not know them yet.
    recent: [HashSet<Did>; 2],
    /// The last `seen_at` given out: each is later than the one before, whatever the system's clock does.
    seen_at: i64,
    reports: Allowance,
    silences: u32,
    /// Accounts whose documents could not be had, and when that was.
    silent: HashMap<Did, Instant>,
}

/// The directory of all accounts does not answer.
#[derive(Debug, thiserror::Error)]
#[error("the directory of accounts does not answer, so that no signature can be checked")]
pub(super) struct Unproven;

/// What is known of an account's key.
enum Key {
    Known(PublicKey),
    /// It has none, or there is no such account.
    None,
    /// Whoever knows does not answer.
    Silent,
}

/// Why messages are to be asked for again.
#[derive(Debug, thiserror::Error)]
pub(super) enum Fault {
    #[error(transparent)]
    Unproven(#[from] Unproven),
    #[error(transparent)]
    Index(#[from] Error),
}

/// What some messages came to.
#[derive(Default)]
pub(super) struct Judged {
    pub(super) events: Vec<Event>,
    pub(super) steps: Vec<(Did, Step)>,
}

/// A message whose signature decides.
enum Signed {
    Commit(Box<ReceivedCommit>),
    Sync(ReceivedSync),
}

/// What was found of it.
enum Verdict {
    Commit(Box<ReceivedCommit>, Box<Proof>),
    Sync(Did, Commit),
    /// By its owner, and wrong.
    Broken(Did, CommitFault),
    /// By somebody else, or by nobody.
    Refused(Did, String, &'static str),
    /// Nobody knows by whom.
    Unknown(Did),
}

impl Judge {
    pub(in crate::ingest) fn new(records: Records, resolver: Resolver, log: EventLog) -> Self {
        let recent = [HashSet::new(), HashSet::new()];
        Self {
            records,
            resolver,
            log,
            recent,
            seen_at: 0,
            reports: Allowance::default(),
            silences: 0,
            silent: HashMap::new(),
        }
    }

    /// What these messages come to, in their order.
    pub(super) async fn judge(&mut self, frames: Vec<Frame>, interest: &Interest) -> Result<Judged, Fault> {
        let mattering = self.mattering(&frames, interest).await?;
        for frame in &frames {
            // What comes after it may be signed with another key; what is known was perhaps fetched a moment ago.
            if let Frame::Identity { did, .. } = frame {
                self.resolver.invalidate(did).await;
                self.silent.remove(did);
            }
        }
        let (mut signed, mut order) = (Vec::new(), Vec::new());
        for frame in frames {
            match frame {
                Frame::Commit(commit) if mattering.contains(&commit.did) => {
                    order.push(None);
                    signed.push(Signed::Commit(commit));
                }
                Frame::Sync(sync) if mattering.contains(&sync.did) => {
                    order.push(None);
                    signed.push(Signed::Sync(sync));
                }
                Frame::Commit(_) | Frame::Sync(_) => received("unwanted"),
                other => order.push(Some(other)),
            }
        }
        let mut verdicts = self.verdicts(signed).await?.into_iter();
        let mut judged = Judged::default();
        for frame in order {
            match frame {
                None => verdicts.next().into_iter().for_each(|it| self.take(it, interest, &mut judged)),
                Some(frame) => self.tell(frame, &mut judged),
            }
        }
        Ok(judged)
    }

    /// Repositories whose commits count: those that have something to do with a wanted collection now, and those of which something is
    /// here.
    async fn mattering(&mut self, frames: &[Frame], interest: &Interest) -> Result<BTreeSet<Did>, Error> {
        let (mut mattering, mut open) = (BTreeSet::new(), BTreeSet::new());
        for frame in frames {
            let (did, is_wanted) = match frame {
                Frame::Commit(commit) => {
                    (&commit.did, commit.ops.iter().any(|op| wanted(op, interest).is_some()))
                }
                Frame::Sync(sync) => (&sync.did, false),
                _ => continue,
            };
            let is_near = is_wanted || self.recent.iter().any(|recent| recent.contains(did));
            if is_near { &mut mattering } else { &mut open }.insert(did.clone());
        }
        open.retain(|did| !mattering.contains(did));
        mattering.extend(known(&self.records, open).await?);
        for did in &mattering {
            self.remember(did);
        }
        Ok(mattering)
    }

    fn remember(&mut self, did: &Did) {
        let [recent, before] = &mut self.recent;
        if recent.len() >= MAX_RECENT {
            *before = std::mem::take(recent);
        }
        if !recent.contains(did) {
            recent.insert(did.clone());
        }
    }

    /// Proves all of them, and once more with new keys what a signature spoke against.
    async fn verdicts(&mut self, signed: Vec<Signed>) -> Result<Vec<Verdict>, Unproven> {
        let dids: BTreeSet<Did> = signed.iter().map(|it| it.did().clone()).collect();
        let keys = self.keys(dids, false).await?;
        let (mut verdicts, again) = prove(signed, keys).await;
        if again.is_empty() {
            return Ok(verdicts);
        }
        let dids = again.iter().map(|(_, it)| it.did().clone()).collect();
        let keys = self.keys(dids, true).await?;
        let (places, again): (Vec<usize>, Vec<Signed>) = again.into_iter().unzip();
        let (second, _) = prove(again, keys).await;
        for (place, verdict) in places.into_iter().zip(second) {
            verdicts[place] = verdict;
        }
        Ok(verdicts)
    }

    /// What is known of the keys of accounts. While the directory of all accounts is silent nothing can be proven, and what came is to be
    /// asked for again; an account that keeps its document elsewhere, or is silent again and again, does not hold up the others.
    async fn keys(&mut self, mut dids: BTreeSet<Did>, anew: bool) -> Result<HashMap<Did, Key>, Unproven> {
        self.silent.retain(|_, since| since.elapsed() < SILENT_FOR);
        let silent: Vec<Did> = dids.extract_if(.., |did| self.silent.contains_key(did)).collect();
        let resolver = &self.resolver;
        let one = |did: Did| async move {
            let asked =
                async { if anew { resolver.refresh(&did).await } else { resolver.resolve_did(&did).await } };
            let key = match tokio::time::timeout(PATIENCE, asked).await {
                Ok(Ok(identity)) => identity.signing_key.clone().map_or(Key::None, Key::Known),
                Ok(Err(error)) if !error.is_transient() => Key::None,
                Ok(Err(_)) | Err(_) => Key::Silent,
            };
            (did, key)
        };
        let mut keys: HashMap<Did, Key> =
            stream::iter(dids).map(one).buffer_unordered(AT_ONCE).collect().await;
        let is_silent =
            |(did, key): (&Did, &Key)| matches!(key, Key::Silent) && did.as_str().starts_with(PLC);
        if !keys.iter().any(is_silent) {
            self.silences = 0;
        } else if self.silences < MAX_SILENCES {
            self.silences += 1;
            return Err(Unproven);
        }
        let found_silent = keys.iter().filter(|(_, key)| matches!(key, Key::Silent)).map(|(did, _)| did);
        let room = MAX_SILENT.saturating_sub(self.silent.len());
        self.silent.extend(found_silent.take(room).map(|did| (did.clone(), Instant::now())));
        keys.extend(silent.into_iter().map(|did| (did, Key::Silent)));
        Ok(keys)
    }

    fn take(&mut self, verdict: Verdict, interest: &Interest, judged: &mut Judged) {
        match verdict {
            Verdict::Commit(received, proof) => {
                let link = Link::of(&received, &proof);
                if !is_plausible(link.to.rev.timestamp_micros(), now_micros()) {
                    return dropped("future_time");
                }
                for op in &received.ops {
                    if let Some((collection, rkey)) = wanted(op, interest)
                        && let Some(action) = self.action(op, &proof, &received.did)
                    {
                        let (did, rev) = (received.did.clone(), link.to.rev);
                        let seen_at = self.seen_at();
                        let event =
                            RecordEvent { did, collection, rkey, rev, seen_at, made_at: None, action };
                        judged.events.push(Event::Record(event));
                    }
                }
                judged.steps.push((received.did, Step::Commit(link)));
            }
            Verdict::Sync(did, commit) => {
                received("sync");
                judged.steps.push((did, Step::Commit(Link::to(&commit))));
            }
            Verdict::Broken(did, fault) => {
                dropped(fault.reason());
                self.report(&did, fault.reason(), &fault.to_string());
                judged.steps.push((did, Step::Broken));
            }
            Verdict::Refused(did, why, reason) => {
                dropped(reason);
                self.report(&did, reason, &why);
            }
            Verdict::Unknown(did) => {
                dropped("unknown_key");
                judged.steps.push((did, Step::Unproven));
            }
        }
    }

    fn action(&mut self, op: &ReceivedOp, proof: &Proof, did: &Did) -> Option<RecordAction> {
        let (name, cid) = match (op.action, op.cid) {
            (Action::Delete, _) | (_, None) => {
                received("delete");
                return Some(RecordAction::Delete);
            }
            (Action::Create, Some(cid)) => ("create", cid),
            (Action::Update, Some(cid)) => ("update", cid),
        };
        received(name);
        match decode(proof.blocks.get(&cid)?, &Limits::default()) {
            Ok(record) => Some(RecordAction::Put { json: record.json, cid: Some(cid), refs: record.refs }),
            Err(error) => {
                dropped(error.reason());
                self.report(did, error.reason(), &format!("{}: {error}", op.path));
                None
            }
        }
    }

    /// Messages that nobody signs: they are as true as the server that sends them, and say only what to look at again.
    fn tell(&mut self, frame: Frame, judged: &mut Judged) {
        match frame {
            Frame::Identity { did, .. } => {
                received("identity");
                judged.events.push(Event::Identity { did });
            }
            Frame::Account { did, account, .. } => {
                received("account");
                let (status, seen_at) = (RepoStatus::of(&account), self.seen_at());
                judged.events.push(Event::Account { did, status, seen_at });
            }
            _ => dropped("unknown_kind"),
        }
    }

    fn seen_at(&mut self) -> i64 {
        self.seen_at = now_micros().max(self.seen_at + 1);
        self.seen_at
    }

    /// Anybody can send what is not so, as often as they like.
    fn report(&mut self, did: &Did, reason: &str, why: &str) {
        if !self.reports.take(now_micros()) {
            return;
        }
        tracing::warn!(%did, error = why, "commit.{reason}");
        let detail = json!({ "did": did.as_str(), "reason": reason, "error": why });
        self.log.record(
            events::Event::new(kinds::COMMIT_REFUSED)
                .actor(did.as_str())
                .subject(did.as_str())
                .detail(detail),
        );
    }
}

impl Signed {
    fn did(&self) -> &Did {
        match self {
            Self::Commit(commit) => &commit.did,
            Self::Sync(sync) => &sync.did,
        }
    }

    fn place(&self) -> String {
        let seq = match self {
            Self::Commit(commit) => commit.seq,
            Self::Sync(sync) => sync.seq,
        };
        format!("message {seq} is not signed by the account")
    }
}

/// What each of them proves, off the threads that wait for the network; and, with their places, those that another key may have signed.
async fn prove(signed: Vec<Signed>, keys: HashMap<Did, Key>) -> (Vec<Verdict>, Vec<(usize, Signed)>) {
    let work = move || {
        let (mut verdicts, mut again) = (Vec::with_capacity(signed.len()), Vec::new());
        for (place, it) in signed.into_iter().enumerate() {
            let verdict = match keys.get(it.did()) {
                Some(Key::Known(key)) => verdict(&it, key),
                Some(Key::Silent) => Some(Verdict::Unknown(it.did().clone())),
                Some(Key::None) | None => None,
            };
            if let Some(verdict) = verdict {
                verdicts.push(verdict);
            } else {
                verdicts.push(Verdict::Refused(it.did().clone(), it.place(), "bad_signature"));
                again.push((place, it));
            }
        }
        (verdicts, again)
    };
    // It cannot panic; if it were to, the session ends and what it read is asked for again.
    tokio::task::spawn_blocking(work).await.unwrap_or_default()
}

/// `None` if somebody else has signed it.
fn verdict(it: &Signed, key: &PublicKey) -> Option<Verdict> {
    match it {
        Signed::Commit(commit) => match commit.prove() {
            Ok(proof) => {
                by_owner(proof.signed.clone(), key)?;
                Some(Verdict::Commit(commit.clone(), Box::new(proof)))
            }
            Err(fault) => {
                let signed = commit.signed().ok();
                let is_owners = signed.is_some_and(|signed| by_owner(signed, key).is_some());
                Some(if is_owners {
                    Verdict::Broken(commit.did.clone(), fault)
                } else {
                    Verdict::Refused(commit.did.clone(), fault.to_string(), fault.reason())
                })
            }
        },
        Signed::Sync(sync) => match sync.prove() {
            Ok(signed) => Some(Verdict::Sync(sync.did.clone(), by_owner(signed, key)?)),
            Err(fault) => Some(Verdict::Refused(sync.did.clone(), fault.to_string(), fault.reason())),
        },
    }
}

fn by_owner(signed: SignedCommit, key: &PublicKey) -> Option<Commit> {
    match signed.verify(key) {
        Err(RepoError::Signature) => None,
        verified => verified.ok(),
    }
}

/// Where an operation's record belongs, if that is wanted.
fn wanted(op: &ReceivedOp, interest: &Interest) -> Option<(Nsid, RecordKey)> {
    let (collection, rkey) = op.path.split_once('/')?;
    let collection = Nsid::parse(collection).ok().filter(|collection| interest.contains(collection))?;
    Some((collection, RecordKey::parse(rkey).ok()?))
}

#[cfg(test)]
mod tests {
    use identity::ResolverConfig;
    use outbound::{Outbound, OutboundConfig, Policy};
    use tokio::net::TcpListener;

    use super::*;
    use crate::SCHEMAS;

    /// Its host takes connections and says nothing.
    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_is_silent_is_waited_for_once() {
        testkit::on_each_engine(&SCHEMAS, |store| async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let did = Did::parse(&format!("did:web:localhost%3A{}", listener.local_addr().unwrap().port()));
            let did = did.unwrap();
            let hang = tokio::spawn(async move {
                let mut held = Vec::new();
                while let Ok((socket, _)) = listener.accept().await {
                    held.push(socket);
                }
            });
            let policy = Policy { allow_loopback: true, ..Policy::default() };
            let outbound = Outbound::new(OutboundConfig { policy, ..OutboundConfig::default() }).unwrap();
            let resolver = Resolver::new(outbound, ResolverConfig { dev: true, ..ResolverConfig::default() });
            let log = EventLog::open(&store.state, None).0;
            let mut judge = Judge::new(Records::new(&store, Vec::new()), resolver, log);
            let mut took = Vec::new();
            for _ in 0..2 {
                let began = Instant::now();
                let keys = judge.keys(BTreeSet::from([did.clone()]), false).await.unwrap();
                assert!(matches!(keys[&did], Key::Silent));
                took.push(began.elapsed());
            }
            assert!(took[0] >= PATIENCE, "it does answer: {took:?}");
            assert!(took[1] < PATIENCE / 2, "{took:?}");
            hang.abort();
        })
        .await;
    }
}
