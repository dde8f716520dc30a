//! Putting a question to its source.

use clock::now_micros;
use remote::{Home, Kind, Mode, Part, Reading, RemoteError};
use tracing::debug;

use crate::asking::{Missing, What};
use crate::read_through::Inner;
use crate::{Answer, Error, How, Reason, spans};

/// Parts that are read of a signed collection, which begins with its oldest records. Of pages the first has the newest.
const SIGNED_PARTS: usize = 8;

/// Why there is no part.
pub(crate) enum Failure {
    /// It took too long.
    Late,
    /// There is a record, but no proof that its author wrote it.
    Unproven,
    /// This happened.
    Remote(RemoteError),
}

impl Inner {
    /// Asks the author's host and takes over what it says.
    pub(crate) async fn ask(&self, missing: &Missing) -> Result<Answer, Error> {
        let home = match self.locate(missing).await {
            Ok(home) => home,
            Err(how) => return Ok(how.into()),
        };
        let host = name_of(&home);
        if self.troubles.with(&host).await {
            return Ok(How::Unavailable { reason: Reason::PdsUnreachable, asked: false }.into());
        }
        let asked_at = now_micros();
        match self.fetch(&home, missing).await {
            Ok(parts) => {
                self.troubles.recovered(&host).await;
                self.take_over(missing, parts, asked_at).await
            }
            Err(failure) => Ok(self.failed(missing, &host, failure, asked_at).await?.into()),
        }
    }

    /// Where the author's repository is.
    async fn locate(&self, missing: &Missing) -> Result<Home, How> {
        let did = &missing.did;
        let found = tokio::time::timeout(self.config.question_time, self.remote.locate(did)).await;
        let unresolvable = match found {
            Ok(Ok(home)) => return Ok(home),
            Ok(Err(error)) => {
                debug!(%did, %error, "the author's host is not known");
                error.kind() == Kind::Unresolvable
            }
            Err(_) => false,
        };
        if unresolvable {
            self.troubles.absent(did.as_str(), spans::NO_ACCOUNT).await;
            return Err(How::Absent);
        }
        let reason = Reason::DirectoryUnreachable;
        self.troubles.hopeless(did.as_str(), reason, spans::TROUBLE).await;
        Err(How::unavailable(reason))
    }

    /// Reads what is missing, within the time that a source may take.
    pub(crate) async fn fetch(&self, home: &Home, missing: &Missing) -> Result<Vec<Part>, Failure> {
        let reading = async {
            match &missing.what {
                What::Record(rkey) => {
                    let part = self.remote.record(home, &missing.collection, rkey).await;
                    part.map(|part| vec![part]).map_err(Failure::Remote)
                }
                What::Newest => self.newest(home, missing).await.map_err(Failure::Remote),
            }
        };
        let parts =
            tokio::time::timeout(self.config.question_time, reading).await.map_err(|_| Failure::Late)??;
        // Anybody may ask, so a host's word is not enough to bring something in.
        let by_word = |part: &Part| !part.proven && !part.records.is_empty();
        match missing.what {
            What::Record(_) if parts.iter().any(by_word) => Err(Failure::Unproven),
            _ => Ok(parts),
        }
    }

    async fn newest(&self, home: &Home, missing: &Missing) -> Result<Vec<Part>, RemoteError> {
        let verified = self.config.verified_lists;
        let (mode, most) = if verified { (Mode::Blocks, SIGNED_PARTS) } else { (Mode::Pages, 1) };
        let collections = vec![missing.collection.clone()];
        let mut reader = self.remote.read(home, Reading { collections, from: None, mode, verified });
        let mut parts = Vec::new();
        while parts.len() < most
            && let Some((part, _)) = reader.next().await?
        {
            parts.push(part);
        }
        Ok(parts)
    }
}

/// Host and port, by which troubles are remembered.
fn name_of(home: &Home) -> String {
    let host = home.host.host_str().unwrap_or_default();
    format!("{host}:{}", home.host.port_or_known_default().unwrap_or_default())
}
