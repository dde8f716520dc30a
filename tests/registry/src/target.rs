//! Which server is checked, and as whom.

/// A server, two repositories in it that may be filled and emptied, and who may do that.
#[derive(Clone, Debug)]
pub struct Target {
    /// Where it listens, `http://127.0.0.1:5000`.
    pub url: String,
    /// Two names, for example `alice.test/one` and `alice.test/two`. Both should be empty.
    pub repositories: [String; 2],
    /// Who pushes; without, nobody in particular.
    pub credentials: Option<Credentials>,
    /// Whether also to check what is only in the draft of the next version: cancelled uploads, tags as parameters.
    pub draft: bool,
    /// Whether the server takes an index whose manifests it does not have.
    pub sparse: bool,
}

/// A name and what proves it.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The name.
    pub user: String,
    /// A password, or whatever the server takes for one.
    pub password: String,
}
