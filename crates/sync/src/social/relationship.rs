//! How one person stands to another. Rows are directed; this is what a step makes of both.

use serde::Serialize;

/// What a row says; `None` is what no row says, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    None,
    Requested,
    Pending,
    Friend,
    Rejected,
}

impl Status {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Requested => "requested",
            Self::Pending => "pending",
            Self::Friend => "friend",
            Self::Rejected => "rejected",
        }
    }

    pub(super) fn named(name: &str) -> Self {
        let all = [Self::Requested, Self::Pending, Self::Friend, Self::Rejected];
        all.into_iter().find(|status| status.name() == name).unwrap_or(Self::None)
    }
}

/// Mine towards them and theirs towards me.
pub(super) type Pair = (Status, Status);

/// What becomes of a pair when I ask for or accept friendship.
pub(super) fn added((mine, theirs): Pair) -> Pair {
    use Status::{Friend, None, Pending, Rejected, Requested};
    match (mine, theirs) {
        (_, Requested) => (Friend, Friend),
        (None | Rejected, None) => (Requested, Pending),
        (None | Rejected, theirs) => (Requested, theirs),
        unchanged => unchanged,
    }
}

/// What becomes of a pair when I end or refuse it.
pub(super) fn removed((mine, theirs): Pair) -> Pair {
    use Status::{Friend, None, Pending, Rejected, Requested};
    match (mine, theirs) {
        (Requested, theirs) => (Rejected, theirs),
        (Friend, _) => (Pending, Requested),
        (Pending, Rejected) => (None, Rejected),
        (Pending, _) => (None, None),
        unchanged => unchanged,
    }
}

#[cfg(test)]
mod tests {
    use super::Status::{Friend, None, Pending, Rejected, Requested};
    use super::*;

    #[test]
    fn a_request_and_its_acceptance() {
        let asked = added((None, None));
        assert_eq!(asked, (Requested, Pending));
        assert_eq!(added(asked), asked, "once more changes nothing");
        assert_eq!(added((asked.1, asked.0)), (Friend, Friend));
        assert_eq!(added((Friend, Friend)), (Friend, Friend));
    }

    #[test]
    fn a_request_to_somebody_who_refused_stays_unseen() {
        assert_eq!(added((None, Rejected)), (Requested, Rejected));
        assert_eq!(added((Rejected, Pending)), (Requested, Pending));
    }

    #[test]
    fn endings() {
        assert_eq!(removed((Requested, Pending)), (Rejected, Pending));
        assert_eq!(removed((Friend, Friend)), (Pending, Requested));
        assert_eq!(removed((Pending, Requested)), (None, None));
        assert_eq!(removed((Pending, Rejected)), (None, Rejected));
        assert_eq!(removed((None, Friend)), (None, Friend));
    }
}
