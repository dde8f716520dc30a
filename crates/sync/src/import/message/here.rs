//! What is here of the sessions that messages of a batch belong to, and what will be when those before have been written.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::json;
use store::{Conn, Engine, Row, v};

use super::Message;
use super::questions::{IDENTIFIED, NAMED, NUMBERED, SESSIONS};
use crate::Error;

/// Whatever it does not know is not here, as far as the batch asks.
pub(super) struct Here<'m> {
    messages: &'m [Message],
    sessions: HashMap<String, Session<'m>>,
    /// Whether the ids of messages are known, for which there is no index: hardly ever does anybody ask.
    has_ids: bool,
}

#[derive(Default)]
struct Session<'m> {
    /// The number of its newest message.
    newest: i64,
    /// Ids by number.
    numbers: HashMap<i64, Cow<'m, str>>,
    /// What senders called theirs.
    names: HashSet<Cow<'m, str>>,
    ids: HashSet<Cow<'m, str>>,
}

impl<'m> Here<'m> {
    pub(super) fn load(conn: &mut Conn<'_>, messages: &'m [Message]) -> Result<Self, Error> {
        let mut here = Self { messages, sessions: HashMap::new(), has_ids: false };
        let sessions = here.ask(conn, SESSIONS, &mut |row| Ok((row.string(0)?, row.int(1)?)))?;
        here.sessions
            .extend(sessions.into_iter().map(|(id, newest)| (id, Session { newest, ..Session::default() })));
        for (session, seq, id) in
            here.ask(conn, NUMBERED, &mut |row| Ok((row.string(0)?, row.int(1)?, row.string(2)?)))?
        {
            here.sessions.entry(session).or_default().numbers.insert(seq, id.into());
        }
        for (session, name) in here.ask(conn, NAMED, &mut |row| Ok((row.string(0)?, row.string(1)?)))? {
            here.sessions.entry(session).or_default().names.insert(name.into());
        }
        Ok(here)
    }

    /// Why a message cannot be taken over, as far as that is because of its session.
    pub(super) fn refusal(&self, message: &Message) -> Option<String> {
        let is_missing = !self.sessions.contains_key(&*message.session_id);
        is_missing.then(|| format!("its session {} was not taken over", &*message.session_id))
    }

    /// The number that a message gets, which is taken then; nothing if it is here: under its number, under the name its sender
    /// gave it, or somewhere in its session.
    pub(super) fn take(&mut self, conn: &mut Conn<'_>, message: &'m Message) -> Result<Option<i64>, Error> {
        let Some(session) = self.sessions.get(&*message.session_id) else { return Ok(None) };
        let is_named = message.local_id.as_deref().is_some_and(|name| session.names.contains(name));
        let at_its_number = session.numbers.get(&message.seq);
        if is_named || at_its_number.is_some_and(|id| *id == *message.id) {
            return Ok(None);
        }
        let is_taken = at_its_number.is_some();
        if is_taken && !self.has_ids {
            self.load_ids(conn)?;
        }
        let Some(session) = self.sessions.get_mut(&*message.session_id) else { return Ok(None) };
        if is_taken && session.ids.contains(&*message.id) {
            return Ok(None);
        }
        // The old server may have given one number twice, and this one may have given it since: it is the next one, then.
        let seq = if is_taken { session.newest + 1 } else { message.seq };
        session.newest = session.newest.max(seq);
        session.numbers.insert(seq, Cow::Borrowed(&message.id));
        session.names.extend(message.local_id.as_deref().map(Cow::Borrowed));
        session.ids.insert(Cow::Borrowed(&message.id));
        Ok(Some(seq))
    }

    /// The numbers of the newest messages of sessions.
    pub(super) fn newest(&self) -> impl Iterator<Item = (&str, i64)> {
        self.sessions.iter().map(|(id, session)| (id.as_str(), session.newest))
    }

    fn load_ids(&mut self, conn: &mut Conn<'_>) -> Result<(), Error> {
        for (session, id) in self.ask(conn, IDENTIFIED, &mut |row| Ok((row.string(0)?, row.string(1)?)))? {
            self.sessions.entry(session).or_default().ids.insert(id.into());
        }
        self.has_ids = true;
        Ok(())
    }

    /// Asks one question about all messages of the batch.
    fn ask<T>(
        &self,
        conn: &mut Conn<'_>,
        [sqlite, postgres]: [&str; 2],
        read: &mut dyn FnMut(&Row<'_>) -> Result<T, Error>,
    ) -> Result<Vec<T>, Error> {
        if conn.engine() == Engine::Sqlite {
            let keys = self
                .messages
                .iter()
                .map(|it| json!([&*it.session_id, it.seq, it.local_id.as_deref(), &*it.id]));
            return conn.query(sqlite, &[v(&json!(keys.collect::<Vec<_>>()).to_string())], read);
        }
        let sessions: Vec<_> = self.messages.iter().map(|it| Some(&*it.session_id)).collect();
        let seqs: Vec<i64> = self.messages.iter().map(|it| it.seq).collect();
        let names: Vec<_> = self.messages.iter().map(|it| it.local_id.as_deref()).collect();
        let ids: Vec<_> = self.messages.iter().map(|it| Some(&*it.id)).collect();
        let keys = [v(sessions.as_slice()), v(seqs.as_slice()), v(names.as_slice()), v(ids.as_slice())];
        conn.query(postgres, &keys, read)
    }
}
