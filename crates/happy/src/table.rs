//! The tables that a Happy database has.

/// A table whose rows mean something outside of their server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "they are called as there")]
pub enum Table {
    Account,
    GithubUser,
    AccountPushToken,
    UserRelationship,
    UserFeedItem,
    UserKVStore,
    ServiceAccountToken,
    Machine,
    Artifact,
    Session,
    AccessKey,
    SessionMessage,
    UsageReport,
    TerminalAuthRequest,
    AccountAuthRequest,
    UploadedFile,
    VoiceConversation,
}

impl Table {
    /// Every one.
    pub(crate) const ALL: [Self; 17] = [
        Self::Account,
        Self::GithubUser,
        Self::AccountPushToken,
        Self::UserRelationship,
        Self::UserFeedItem,
        Self::UserKVStore,
        Self::ServiceAccountToken,
        Self::Machine,
        Self::Artifact,
        Self::Session,
        Self::AccessKey,
        Self::SessionMessage,
        Self::UsageReport,
        Self::TerminalAuthRequest,
        Self::AccountAuthRequest,
        Self::UploadedFile,
        Self::VoiceConversation,
    ];

    /// As the database spells it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "Account",
            Self::GithubUser => "GithubUser",
            Self::AccountPushToken => "AccountPushToken",
            Self::UserRelationship => "UserRelationship",
            Self::UserFeedItem => "UserFeedItem",
            Self::UserKVStore => "UserKVStore",
            Self::ServiceAccountToken => "ServiceAccountToken",
            Self::Machine => "Machine",
            Self::Artifact => "Artifact",
            Self::Session => "Session",
            Self::AccessKey => "AccessKey",
            Self::SessionMessage => "SessionMessage",
            Self::UsageReport => "UsageReport",
            Self::TerminalAuthRequest => "TerminalAuthRequest",
            Self::AccountAuthRequest => "AccountAuthRequest",
            Self::UploadedFile => "UploadedFile",
            Self::VoiceConversation => "VoiceConversation",
        }
    }

    /// What rows are read in the order of.
    pub(crate) fn order(self) -> &'static str {
        match self {
            // As it is numbered, along an index that is there.
            Self::SessionMessage => r#""sessionId", seq"#,
            Self::UserRelationship => r#""fromUserId", "toUserId""#,
            _ => "id",
        }
    }
}
