//! Which labelers a request wants to hear (`atproto-accept-labelers`).

use atproto::Did;

use crate::Error;
use atproto::label::Label;

/// Labelers in one header at most.
const MAX_LABELERS: usize = 20;

/// Values with which a labeler asks for the subject not to be shown at all.
const REDACTING: [&str; 2] = ["!takedown", "!suspend"];

/// The labelers a request wants to hear.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum AcceptLabelers {
    /// All that this server listens to: the request does not say.
    #[default]
    All,
    /// These, in the order of the header.
    These(Vec<Accepted>),
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Its DID.
    pub did: Did,
    /// Whether what it takes down is to be left out of the answer instead of being labelled.
    pub redact: bool,
}

impl AcceptLabelers {
    /// Reads the header's value: DIDs with commas between them, each perhaps with `;redact`. Other parameters are passed
    /// over.
    pub fn parse(header: &str) -> Result<Self, Error> {
        let mut these: Vec<Accepted> = Vec::new();
        for item in header.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            let mut parts = item.split(';').map(str::trim);
            let did = Did::parse(parts.next().unwrap_or_default())
                .map_err(|error| Error::AcceptLabelers(error.to_string()))?;
            let redact = parts.any(|parameter| parameter.eq_ignore_ascii_case("redact"));
            match these.iter().position(|known| known.did == did) {
                Some(known) => these[known].redact |= redact,
                None if these.len() == MAX_LABELERS => {
                    return Err(Error::AcceptLabelers(format!("more than {MAX_LABELERS} labelers")));
                }
                None => these.push(Accepted { did, redact }),
            }
        }
        Ok(Self::These(these))
    }

    /// Of those that are wanted only the ones in `here`.
    #[must_use]
    pub fn among(self, here: &[Did]) -> Self {
        let these = match self {
            Self::All => here.iter().map(|did| Accepted { did: did.clone(), redact: false }).collect(),
            Self::These(these) => these.into_iter().filter(|accepted| here.contains(&accepted.did)).collect(),
        };
        Self::These(these)
    }

    /// Whether this labeler's words are wanted.
    #[must_use]
    pub fn contains(&self, did: &str) -> bool {
        match self {
            Self::All => true,
            Self::These(these) => these.iter().any(|accepted| accepted.did.as_str() == did),
        }
    }

    /// Whether what these labels are about is to be left out of the answer.
    #[must_use]
    pub fn redacts(&self, labels: &[Label]) -> bool {
        let Self::These(these) = self else { return false };
        let redacting =
            |src: &str| these.iter().any(|accepted| accepted.redact && accepted.did.as_str() == src);
        labels.iter().any(|label| REDACTING.contains(&label.val.as_str()) && redacting(&label.src))
    }

    /// The value for `atproto-content-labelers`: those of `here`, the labelers this server listens to, that were
    /// accepted.
    #[must_use]
    pub fn answered(&self, here: &[Did]) -> String {
        let items: Vec<String> = match self {
            Self::All => here.iter().map(ToString::to_string).collect(),
            Self::These(these) => these
                .iter()
                .filter(|accepted| here.contains(&accepted.did))
                .map(|Accepted { did, redact }| format!("{did}{}", if *redact { ";redact" } else { "" }))
                .collect(),
        };
        items.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(src: &str, val: &str) -> Label {
        let (src, val) = (src.to_owned(), val.to_owned());
        Label { src, uri: "did:plc:x".into(), cid: None, val, neg: false, cts: String::new(), exp: None }
    }

    #[test]
    fn reads_labelers_and_parameters() {
        let accept = AcceptLabelers::parse(" did:plc:a;redact, did:plc:b ;x=1,,did:plc:b; REDACT").unwrap();
        let AcceptLabelers::These(these) = &accept else { panic!("{accept:?}") };
        assert!(these.iter().all(|accepted| accepted.redact) && these.len() == 2);
        assert!(accept.contains("did:plc:b") && !accept.contains("did:plc:c"));
        assert_eq!(AcceptLabelers::parse("").unwrap(), AcceptLabelers::These(Vec::new()));
    }

    #[test]
    fn refuses_what_is_no_list_of_dids() {
        assert!(AcceptLabelers::parse("alice.example.com").is_err());
        let many: Vec<String> = (0..=MAX_LABELERS).map(|n| format!("did:plc:{n}")).collect();
        assert!(AcceptLabelers::parse(&many.join(",")).is_err());
        assert!(AcceptLabelers::parse(&many[1..].join(",")).is_ok());
    }

    #[test]
    fn takedowns_redact_only_when_that_was_asked_for() {
        let accept = AcceptLabelers::parse("did:plc:a;redact, did:plc:b").unwrap();
        assert!(accept.redacts(&[label("did:plc:a", "!takedown")]));
        assert!(!accept.redacts(&[label("did:plc:a", "spam"), label("did:plc:b", "!takedown")]));
        assert!(!AcceptLabelers::All.redacts(&[label("did:plc:a", "!takedown")]));
    }

    #[test]
    fn the_answer_names_whom_it_heard() {
        let here = ["did:plc:a", "did:plc:c"].map(|did| Did::parse(did).unwrap());
        let accept = AcceptLabelers::parse("did:plc:b, did:plc:a;redact").unwrap();
        assert_eq!(accept.answered(&here), "did:plc:a;redact");
        assert_eq!(accept.among(&here).answered(&here), "did:plc:a;redact");
        assert!(!AcceptLabelers::All.among(&here).contains("did:plc:b"));
        assert_eq!(AcceptLabelers::All.answered(&here), "did:plc:a, did:plc:c");
    }
}
