//! Why signing in did not work, as an address names it. The page says it in its own words and never in those of an address, which may be
//! anybody's.

use http::StatusCode;

/// One of a few.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// There is no such account.
    Handle,
    /// Its server does not answer.
    Unreachable,
    /// There have been too many tries.
    Busy,
}

impl Trouble {
    const ALL: [Self; 3] = [Self::Handle, Self::Unreachable, Self::Busy];

    /// The one behind a refusal of this status.
    pub(super) fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::TOO_MANY_REQUESTS => Self::Busy,
            status if status.is_server_error() => Self::Unreachable,
            _ => Self::Handle,
        }
    }

    /// As an address names it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Handle => "handle",
            Self::Unreachable => "unreachable",
            Self::Busy => "busy",
        }
    }

    /// The one of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|trouble| trouble.name() == name)
    }

    /// As the page says it.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Handle => {
                "Signing in with this handle did not work. Check how it is spelled, and try again."
            }
            Self::Unreachable => "The server of this account does not answer. Try again in a while.",
            Self::Busy => "There have been too many tries. Wait a while, and try again.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_known_is_said() {
        for trouble in Trouble::ALL {
            assert_eq!(Trouble::named(trouble.name()), Some(trouble));
        }
        assert_eq!(Trouble::named("Press Approve"), None);
        let statuses = [
            (400, Trouble::Handle),
            (404, Trouble::Handle),
            (429, Trouble::Busy),
            (502, Trouble::Unreachable),
        ];
        for (status, trouble) in statuses {
            assert_eq!(Trouble::of(StatusCode::from_u16(status).unwrap()), trouble);
        }
    }
}
