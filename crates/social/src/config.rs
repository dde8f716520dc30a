//! What an operator decides about the microblog.

use url::Url;

/// All of it has a default but the address.
#[derive(Clone, Debug)]
pub struct SocialConfig {
    /// Where the fediverse finds this server: everything that is written here has an address below it, for good.
    pub base: Url,
    /// What the instance is called; its host, if nobody says.
    pub name: Option<String>,
    /// A line about it.
    pub description: String,
    /// Whether strangers may register.
    pub registration: bool,
    /// Characters of a thought that is written here.
    pub max_characters: usize,
    /// Whether people who register approve of each follower, until they say otherwise.
    pub approve_follows: bool,
    /// Bytes of a picture.
    pub upload_max_bytes: usize,
}

impl SocialConfig {
    /// The defaults, at this address.
    #[must_use]
    pub fn new(base: Url) -> Self {
        Self {
            base,
            name: None,
            description: "A small place in the fediverse, in chronological order.".to_owned(),
            registration: true,
            max_characters: 128,
            approve_follows: false,
            upload_max_bytes: 5 * 1024 * 1024,
        }
    }
}
