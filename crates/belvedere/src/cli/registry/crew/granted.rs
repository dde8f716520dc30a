//! What somebody of the crew is given, as the command line spells it.

use clap::ValueEnum;
use hold::Permission;

/// The words of `--permission`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Granted {
    /// Pull, where the hold is not public
    Read,
    /// Push images of one's own, and pull
    Write,
    /// Decide who is in the crew, push and pull
    Admin,
}

impl Granted {
    pub(super) fn permission(self) -> Permission {
        match self {
            Self::Read => Permission::Read,
            Self::Write => Permission::Write,
            Self::Admin => Permission::Admin,
        }
    }
}
