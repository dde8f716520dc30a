//! What a secret is kept for.

/// Each purpose has a key of its own, so that a sealed value copied into a column of another kind does not open there.
///
/// The names are part of what is sealed: they never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purpose(&'static str);

impl Purpose {
    /// Access and refresh tokens of sessions with a PDS.
    pub const PDS_TOKENS: Self = Self("pds tokens");
    /// Private `DPoP` keys: of sessions with a PDS, and those made for apps.
    pub const DPOP_KEYS: Self = Self("dpop keys");
    /// Signing and rotation keys of the service identity, and keys of verification methods.
    pub const SERVICE_KEYS: Self = Self("service keys");
    /// Values that scripts can read.
    pub const SCRIPT_VARIABLES: Self = Self("script variables");
    /// The key that this server attests records with.
    pub const ATTESTATION_KEY: Self = Self("attestation key");
    /// Signing keys of repositories that are at home here.
    pub const REPOSITORY_KEYS: Self = Self("repository keys");
    /// Tokens of model vendors and of GitHub that users of the sync app leave with it.
    pub const SYNC_TOKENS: Self = Self("sync tokens");
    /// What says whose wish it is that comes back from GitHub.
    pub const GITHUB_STATES: Self = Self("github states");
    /// The key that the registry signs its tokens with.
    pub const REGISTRY_KEY: Self = Self("registry key");
    /// Sessions that app passwords of the registry's users began with their PDSes.
    pub const REGISTRY_SESSIONS: Self = Self("registry sessions");
    /// What people of the social app sign with for other servers.
    pub const SOCIAL_KEYS: Self = Self("social keys");
    /// What the microblog signs the tokens of its users with.
    pub const SOCIAL_TOKENS: Self = Self("social tokens");
    /// The proof that a master secret is the one of this database.
    pub(super) const CHECK: Self = Self("check");

    pub(super) const fn name(self) -> &'static str {
        self.0
    }
}
