//! What an `AppView` keeps and nobody else has, and what of it is told about and not read.

/// A table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Programs that somebody approved.
    Devices,
    /// How often images were fetched and sent.
    Stats,
    /// Sessions with the PDSes of people.
    OauthSessions,
    /// Browsers of people.
    UiSessions,
    /// Devices that wait to be approved.
    PendingDevices,
    /// Browsers that are on their way to a PDS.
    OauthRequests,
}

impl Table {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Devices => "devices",
            Self::Stats => "repository_stats",
            Self::OauthSessions => "oauth_sessions",
            Self::UiSessions => "ui_sessions",
            Self::PendingDevices => "pending_device_auth",
            Self::OauthRequests => "oauth_auth_requests",
        }
    }
}
