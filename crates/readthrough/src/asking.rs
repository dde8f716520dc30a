//! From a hole in the index to an answer: who asks, who waits, who pays.

use std::sync::Arc;
use std::time::Duration;

use atproto::{Did, Nsid, RecordKey};

use crate::read_through::Inner;
use crate::shared::Lock;
use crate::{Answer, Asker, Error, How};

/// Longer names are not asked for: they must fit the keys of the cache.
const MAX_NAME_BYTES: usize = 960;

/// How often it is looked whether another instance has the answer.
const GLANCE: Duration = Duration::from_millis(40);

/// What is not here.
#[derive(Clone, Debug)]
pub(crate) struct Missing {
    pub(crate) did: Did,
    pub(crate) collection: Nsid,
    pub(crate) what: What,
    /// The AT URI of the record or of the collection; what is under way and what came to nothing goes by it.
    pub(crate) name: Arc<str>,
}

/// How much of a collection is not here.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// One record.
    Record(RecordKey),
    /// The newest records.
    Newest,
}

impl Missing {
    /// `None` if the name is too long.
    pub(crate) fn new(did: &Did, collection: &Nsid, what: What) -> Option<Self> {
        let name = match &what {
            What::Record(rkey) => format!("at://{did}/{collection}/{rkey}"),
            What::Newest => format!("at://{did}/{collection}"),
        };
        let fits = name.len() <= MAX_NAME_BYTES;
        fits.then(|| Self { did: did.clone(), collection: collection.clone(), what, name: name.into() })
    }

    /// What a question about it costs: a list is more than one request.
    fn cost(&self) -> u32 {
        match self.what {
            What::Record(_) => 1,
            What::Newest => 2,
        }
    }
}

impl Inner {
    /// The answer to a question that is under way already, or that this asker pays for.
    ///
    /// An asker pays once, however often they ask for the same at once. What one cannot afford is no answer for others, or
    /// it would be easy to keep them from theirs.
    pub(crate) async fn settle(
        self: &Arc<Self>,
        missing: &Missing,
        asker: Asker<'_>,
    ) -> Result<Answer, Error> {
        if let Some(flight) = self.questions.under_way(&missing.name) {
            return self.wait(flight).await;
        }
        let asker = asker.to_string();
        let turn = self.turns.join(&format!("{asker} {}", missing.name), || {
            let (inner, missing) = (Arc::clone(self), missing.clone());
            async move { inner.take_turn(&missing, &asker).await }
        });
        self.wait(turn).await
    }

    /// Answers from what is known by now, or pays for a question.
    async fn take_turn(self: &Arc<Self>, missing: &Missing, asker: &str) -> Result<Answer, Error> {
        if let Some(answer) = self.known(missing).await? {
            return Ok(answer);
        }
        if self.questions.under_way(&missing.name).is_none() && !self.purses.pay(asker, missing.cost()).await
        {
            return Ok(How::OverBudget.into());
        }
        let question = self.questions.join(&missing.name, || {
            let (inner, missing) = (Arc::clone(self), missing.clone());
            async move { inner.look_into(&missing).await }
        });
        self.wait(question).await
    }

    /// Asks, unless another instance is doing so or all together have asked enough.
    async fn look_into(&self, missing: &Missing) -> Result<Answer, Error> {
        let Some(_leave) = self.purses.leave(missing.cost()).await else {
            return Ok(How::OverBudget.into());
        };
        let key = format!("read:{}", missing.name);
        match self.shared.lock(&key, self.config.question_time * 3).await {
            Lock::Taken(lease) => {
                // Somebody may have been done just before.
                let answer = match self.known(missing).await {
                    Ok(None) => self.ask(missing).await,
                    Ok(Some(answer)) => Ok(answer),
                    Err(error) => Err(error),
                };
                // Fails if it has expired.
                _ = lease.release().await;
                answer
            }
            Lock::Busy => match self.heard_from_others(missing).await? {
                Some(answer) => Ok(answer),
                None => self.ask(missing).await,
            },
            Lock::Absent => self.ask(missing).await,
        }
    }

    /// What the index and the memory of earlier questions say.
    async fn known(&self, missing: &Missing) -> Result<Option<Answer>, Error> {
        if let Some(answer) = self.here(missing, How::Here).await? {
            return Ok(Some(answer));
        }
        if let Some(how) = self.troubles.about(&missing.name).await {
            return Ok(Some(how.into()));
        }
        Ok(self.troubles.about(missing.did.as_str()).await.map(Into::into))
    }

    /// The record, if the index has it.
    pub(crate) async fn here(&self, missing: &Missing, how: How) -> Result<Option<Answer>, Error> {
        let What::Record(rkey) = &missing.what else { return Ok(None) };
        let record = self.records.get(&missing.did, &missing.collection, rkey).await?;
        Ok(record.map(|record| Answer { record: Some(record), how }))
    }

    /// Waits for another instance that is asking the same; `None` if that takes too long.
    async fn heard_from_others(&self, missing: &Missing) -> Result<Option<Answer>, Error> {
        let until = tokio::time::Instant::now() + self.config.patience_with_others;
        while tokio::time::Instant::now() < until {
            tokio::time::sleep(GLANCE).await;
            if let Some(answer) = self.known(missing).await? {
                return Ok(Some(answer));
            }
        }
        Ok(None)
    }
}
