//! In which hold something lies: in our own, or in somebody else's.

use atproto::Did;

/// One hold among all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Place {
    /// In the hold of this server.
    Here,
    /// In the hold with this DID.
    In(Did),
}

impl Place {
    /// The place that a DID names, where `own` is what our own hold is called. What names none is here.
    pub(crate) fn named(hold: Option<Did>, own: &Did) -> Self {
        match hold {
            Some(hold) if hold != *own => Self::In(hold),
            _ => Self::Here,
        }
    }

    /// What others know the hold by.
    pub(crate) fn did<'a>(&'a self, own: &'a Did) -> &'a Did {
        match self {
            Self::Here => own,
            Self::In(hold) => hold,
        }
    }

    /// As a column has it: nothing for our own, whatever that is called one day.
    pub(crate) fn column(&self) -> Option<&str> {
        match self {
            Self::Here => None,
            Self::In(hold) => Some(hold.as_str()),
        }
    }
}
