//! An account: who it is, where it is, what it has written.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use atproto::{Did, Nsid};
use serde_json::{Value, json};
use shrike::syntax::Tid;

use super::chance::chance;
use super::content::{self, FIRST_COMMIT};
use super::key::Key;
use super::reply::Reply;
use super::repository::{Change, Content, Repository, Snapshot};
use super::stream::Said;
use super::{AccountPlan, Expected, Lie, Move, Standing};

/// An account of the network.
pub(super) struct Account {
    pub(super) number: usize,
    pub(super) did: Did,
    /// What it has written before the start.
    pub(super) initial: Vec<(Nsid, u32)>,
    seed: u64,
    state: Mutex<State>,
}

/// What changes about an account.
pub(super) struct State {
    pub(super) standing: Standing,
    pub(super) handle: String,
    /// Whether its host fails at every request about it.
    pub(super) broken: bool,
    pub(super) host: usize,
    pub(super) moves: Option<Move>,
    /// Hosts it has left.
    pub(super) former: BTreeMap<usize, Former>,
    /// Requests about it that were answered.
    pub(super) answered: u32,
    key: Option<Arc<Key>>,
    generation: u32,
    pub(super) rev: Tid,
    history: Option<History>,
    /// Answers of lying hosts come from these, made from the repository as it is.
    lies: HashMap<Lie, Snapshot>,
    /// Answers, by what lies were told and the request. Empty after a commit.
    pub(super) answers: HashMap<(Option<Lie>, String), Reply>,
}

/// How a host that an account has left speaks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Former {
    Deactivated,
    Forgotten,
}

/// What an account has written, twice: as its host serves it, and as the oracle knows it.
pub(super) struct History {
    pub(super) repository: Repository,
    pub(super) model: BTreeMap<String, Expected>,
}

impl Account {
    pub(super) fn new(seed: u64, number: usize, host: usize, plan: &AccountPlan) -> Self {
        let mut chance = chance(seed, "account", number as u64);
        let did = content::did(&mut chance);
        let clock = u16::try_from(number % 1024).expect("below 1024");
        let rev =
            Tid::new(FIRST_COMMIT.cast_unsigned() + number as u64, clock).expect("a time in this century");
        let state = State {
            standing: plan.standing,
            handle: format!("user{number:04}.test"),
            broken: false,
            host,
            moves: plan.moves,
            former: BTreeMap::new(),
            answered: 0,
            key: None,
            generation: 0,
            rev,
            history: None,
            lies: HashMap::new(),
            answers: HashMap::new(),
        };
        Self {
            number,
            did: Did::parse(&did).expect("a DID"),
            initial: plan.records.clone(),
            seed,
            state: Mutex::new(state),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic while it was held")
    }

    pub(super) fn key(&self, state: &mut State) -> Arc<Key> {
        let generation = state.generation;
        let key = state.key.get_or_insert_with(|| Arc::new(Key::derive(self.seed, self.number, generation)));
        Arc::clone(key)
    }

    /// Another key from now on.
    pub(super) fn change_key(state: &mut State) {
        state.generation += 1;
        state.key = None;
    }

    /// What it has written; made when first asked for.
    pub(super) fn history<'s>(&self, state: &'s mut State) -> &'s mut History {
        if state.history.is_none() {
            let written = content::initial(self.seed, self.number, &self.initial);
            let mut model = BTreeMap::new();
            let mut records = Vec::with_capacity(written.len());
            for content::Written { collection, rkey, record } in written {
                let content = Content::of(&record);
                let uri = format!("at://{}/{collection}/{rkey}", self.did);
                model.insert(uri, Expected { cid: content.cid.to_string(), json: record });
                records.push((format!("{collection}/{rkey}"), content));
            }
            let key = self.key(state);
            let repository = Repository::new(self.did.as_str(), records, state.rev, &key);
            state.history = Some(History { repository, model });
        }
        state.history.as_mut().expect("made above")
    }

    /// Commits these writes with a new revision, after everything before.
    pub(super) fn commit(
        &self,
        state: &mut State,
        writes: Vec<(String, Option<Content>)>,
        now: i64,
    ) -> Change {
        let key = self.key(state);
        let micros = now.cast_unsigned().max(state.rev.timestamp_micros() + 1);
        let rev = Tid::new(micros, state.rev.clock_id()).expect("a time in this century");
        let change = self.history(state).repository.commit(writes, rev, &key);
        state.rev = rev;
        state.lies.clear();
        state.answers.clear();
        change
    }

    /// That its repository is at this revision now, whatever was said before.
    pub(super) fn sync(&self, state: &mut State) -> Said {
        let snapshot = self.history(state).repository.snapshot();
        Said::Sync { rev: snapshot.rev(), head: snapshot.head() }
    }

    /// Its repository as a host that tells this lie has it.
    pub(super) fn snapshot<'s>(
        &self,
        state: &'s mut State,
        lie: Option<Lie>,
        accounts: usize,
    ) -> &'s Snapshot {
        let Some(lie) = lie.filter(|lie| lie.is_about_the_repository()) else {
            return self.history(state).repository.snapshot();
        };
        if !state.lies.contains_key(&lie) {
            let key = self.key(state);
            let truth = self.history(state).repository.snapshot();
            let told = match lie {
                Lie::BadSignature => truth.signed_by(&Key::derive(self.seed, self.number, u32::MAX)),
                Lie::WrongContent => truth.with_wrong_content(),
                Lie::MissingNode => truth.without_a_node(),
                Lie::Forged => truth.forged(&key),
                Lie::FutureRevision => truth.in_the_future(&key),
                Lie::OtherDid => self.beginning_of((self.number + 1) % accounts.max(2)),
                Lie::Rollback => self.beginning_of(self.number),
                _ => truth.clone(),
            };
            state.lies.insert(lie, told);
        }
        &state.lies[&lie]
    }

    /// The first commit of the account of this number, with what this one has written before the start.
    fn beginning_of(&self, number: usize) -> Snapshot {
        let plan = AccountPlan { records: self.initial.clone(), ..AccountPlan::default() };
        let account = Self::new(self.seed, number, 0, &plan);
        let mut state = account.state();
        account.history(&mut state).repository.snapshot().clone()
    }

    /// Its DID document.
    pub(super) fn document(&self, origin_of: impl Fn(usize) -> String) -> Value {
        self.document_of(&mut self.state(), origin_of)
    }

    /// The same, of an account that is locked.
    pub(super) fn document_of(&self, state: &mut State, origin_of: impl Fn(usize) -> String) -> Value {
        let did = self.did.as_str();
        let key = self.key(state).multibase();
        let mut document = json!({
            "@context": [
                "https://www.w3.org/ns/did/v1",
                "https://w3id.org/security/multikey/v1",
                "https://w3id.org/security/suites/secp256k1-2019/v1",
            ],
            "id": did,
            "alsoKnownAs": [format!("at://{}", state.handle)],
            "verificationMethod": [
                { "id": format!("{did}#atproto"), "type": "Multikey", "controller": did, "publicKeyMultibase": key },
            ],
            "service": [],
        });
        if state.standing != Standing::Homeless {
            document["service"] = json!([{
                "id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": origin_of(state.host),
            }]);
        }
        document
    }

    /// Forgets everything it has written.
    pub(super) fn erase(&self, state: &mut State) {
        let key = self.key(state);
        let repository = Repository::new(self.did.as_str(), Vec::new(), state.rev, &key);
        state.history = Some(History { repository, model: BTreeMap::new() });
        state.lies.clear();
        state.answers.clear();
    }
}
