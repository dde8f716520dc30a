//! From an NSID to the lexicon its authority publishes, proven by their signature where that can be had.

use std::collections::{BTreeSet, VecDeque};

use atproto::lexicon::LexiconType;
use atproto::{Did, Nsid, RecordKey};
use identity::{Resolver, check_published};
use outbound::Outbound;
use remote::{Remote, RemoteConfig, RemoteError};

use super::SCHEMA_COLLECTION;
use crate::Error;
use crate::lexicons::Published;

/// Lexicons that are fetched because others refer to them, at most, for one that is asked for.
const MAX_REFERENCES: usize = 100;

/// Finds published lexicons. Cheap to clone.
#[derive(Clone)]
pub struct LexiconResolver {
    resolver: Resolver,
    remote: Remote,
}

/// What came of looking for what a lexicon refers to.
#[derive(Clone, Debug, Default)]
pub struct References {
    /// Definitions that were found.
    pub found: Vec<Published>,
    /// What was not taken, by NSID, and why not.
    pub skipped: Vec<(String, String)>,
}

impl LexiconResolver {
    /// Asks DNS and directories through `resolver`, hosts through `outbound`.
    #[must_use]
    pub fn new(resolver: Resolver, outbound: Outbound) -> Self {
        let remote = Remote::new(outbound, resolver.clone(), RemoteConfig::default());
        Self { resolver, remote }
    }

    /// The lexicon as its authority publishes it now, with the revision that says how old that is. A host that can prove
    /// what is in a repository is believed nothing else. The error names the step that failed.
    pub async fn resolve(&self, nsid: &Nsid) -> Result<Published, Error> {
        let authority = self.resolver.lexicon_authority(nsid).await?;
        let home = self.remote.locate(&authority).await;
        let home = home.map_err(|error| unavailable(nsid, &authority, error))?;
        let not_found =
            || identity::Error::LexiconNotFound { nsid: nsid.clone(), authority: authority.clone() };
        // An NSID is always a key.
        let rkey = RecordKey::parse(nsid.as_str()).map_err(|_| not_found())?;
        let part = self.remote.record(&home, &SCHEMA_COLLECTION, &rkey).await;
        let part = part.map_err(|error| unavailable(nsid, &authority, error))?;
        let found = part.records.into_iter().next().ok_or_else(not_found)?;
        check_published(&found.json, nsid).map_err(|problem| identity::Error::BadLexicon {
            nsid: nsid.clone(),
            authority: authority.clone(),
            problem,
        })?;
        Ok(Published { nsid: nsid.clone(), authority_did: authority, json: found.json, rev: Some(part.rev) })
    }

    /// What a lexicon refers to, and what that refers to, as far as `is_here` does not know it. Only definitions are taken: a
    /// record lexicon would have its collection indexed, and a method would be served, which nobody has asked for.
    pub async fn references(
        &self,
        published: &Published,
        is_here: impl Fn(&str) -> bool,
    ) -> Result<References, Error> {
        let mut references = References::default();
        let mut seen = BTreeSet::from([published.nsid.to_string()]);
        let mut open: VecDeque<String> = names(published)?.into();
        while let Some(name) = open.pop_front() {
            if is_here(&name) || !seen.insert(name.clone()) {
                continue;
            }
            let asked = references.found.len() + references.skipped.len();
            match self.reference(&name, asked).await {
                Ok(found) => {
                    open.extend(names(&found)?);
                    references.found.push(found);
                }
                Err(why) => references.skipped.push((name, why)),
            }
            if asked >= MAX_REFERENCES {
                break;
            }
        }
        Ok(references)
    }

    async fn reference(&self, name: &str, asked: usize) -> Result<Published, String> {
        if asked >= MAX_REFERENCES {
            return Err(format!("{MAX_REFERENCES} lexicons were looked for; there are more"));
        }
        let nsid = Nsid::parse(name).map_err(|error| error.to_string())?;
        let found = self.resolve(&nsid).await.map_err(|error| error.to_string())?;
        let kind = found.parse().map_err(|error| error.to_string())?.kind();
        match kind {
            LexiconType::Definitions => Ok(found),
            kind => Err(format!("it is a {kind}, which is only added when it is asked for itself")),
        }
    }
}

/// The lexicons that one refers to.
fn names(published: &Published) -> Result<Vec<String>, Error> {
    let lexicon = published.parse()?;
    Ok(lexicon.compiled().references().into_iter().map(str::to_owned).collect())
}

fn unavailable(nsid: &Nsid, authority: &Did, error: RemoteError) -> Error {
    let (nsid, authority) = (nsid.clone(), authority.clone());
    match error {
        RemoteError::Identity(cause) => {
            identity::Error::UnresolvedAuthority { nsid, cause: Box::new(cause) }.into()
        }
        RemoteError::NoHost { .. } => identity::Error::NoPds { nsid, authority }.into(),
        cause => Error::Publisher { nsid, authority, cause: Box::new(cause) },
    }
}
