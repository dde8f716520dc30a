//! What sort of thing happened.

use crate::Severity;

/// A type of event: `category.action`, and how much it matters. The constants are in [`kinds`](crate::kinds).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    pub(crate) name: &'static str,
    pub(crate) severity: Severity,
    pub(crate) verbose: bool,
}

impl Kind {
    pub(crate) const fn info(name: &'static str) -> Self {
        Self { name, severity: Severity::Info, verbose: false }
    }

    pub(crate) const fn warn(name: &'static str) -> Self {
        Self { severity: Severity::Warn, ..Self::info(name) }
    }

    pub(crate) const fn error(name: &'static str) -> Self {
        Self { severity: Severity::Error, ..Self::info(name) }
    }

    /// Written only while the operator asks for every detail: it happens with each record of the stream.
    pub(crate) const fn verbose(name: &'static str) -> Self {
        Self { verbose: true, ..Self::info(name) }
    }

    /// The wire name, e.g. `user.created`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// How much such an event matters unless the event itself says otherwise.
    #[must_use]
    pub const fn severity(self) -> Severity {
        self.severity
    }
}
