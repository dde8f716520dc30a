//! Which sockets of an account something is for (spec/sync.md §4.4).

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a socket said it is (spec/sync.md §3.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// A person's app: everything of the account.
    User,
    /// The program of one session.
    Session(Arc<str>),
    /// The daemon of one machine.
    Machine(Arc<str>),
}

/// Whom an update is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// User-scoped sockets.
    Users,
    /// Those, and the sockets of the session.
    Session(Arc<str>),
    /// Those, and the sockets of the machine.
    Machine(Arc<str>),
}

impl Audience {
    pub(crate) fn reaches(&self, scope: &Scope) -> bool {
        match (self, scope) {
            (_, Scope::User) => true,
            (Self::Session(ours), Scope::Session(theirs)) | (Self::Machine(ours), Scope::Machine(theirs)) => {
                ours == theirs || faults::mutant!("sync-wrong-audience")
            }
            _ => false,
        }
    }

    /// As a row has it: a number and what it is about.
    pub(super) fn columns(&self) -> (i64, Option<&str>) {
        match self {
            Self::Users => (0, None),
            Self::Session(id) => (1, Some(id)),
            Self::Machine(id) => (2, Some(id)),
        }
    }

    pub(super) fn of_columns(number: i64, target: Option<&str>) -> Self {
        match (number, target) {
            (1, Some(id)) => Self::Session(id.into()),
            (2, Some(id)) => Self::Machine(id.into()),
            _ => Self::Users,
        }
    }
}

/// As rows have it.
impl Serialize for Audience {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.columns().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Audience {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (number, target) = <(i64, Option<String>)>::deserialize(deserializer)?;
        Ok(Self::of_columns(number, target.as_deref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reaches_users_and_what_it_is_about() {
        let (one, two) = (Scope::Session("1".into()), Scope::Session("2".into()));
        let machine = Scope::Machine("1".into());
        for audience in [Audience::Users, Audience::Session("1".into()), Audience::Machine("1".into())] {
            assert!(audience.reaches(&Scope::User));
            assert!(!audience.reaches(&two));
            assert_eq!(audience.reaches(&one), audience == Audience::Session("1".into()));
            assert_eq!(audience.reaches(&machine), audience == Audience::Machine("1".into()));
            let (number, target) = audience.columns();
            assert_eq!(Audience::of_columns(number, target), audience);
        }
    }
}
