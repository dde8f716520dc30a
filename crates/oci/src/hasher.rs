//! Digests of content that comes in pieces.

use aws_lc_rs::digest::Context;

use crate::{Algorithm, Digest};

/// Hashes a stream by one algorithm or both. Its state is a few hundred bytes, however long the stream is.
#[derive(Clone)]
pub struct Hasher {
    sha256: Option<Context>,
    sha512: Option<Context>,
}

/// What a [`Hasher`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digests {
    sha256: Option<Digest>,
    sha512: Option<Digest>,
}

impl Hasher {
    /// By one algorithm.
    #[must_use]
    pub fn of(algorithm: Algorithm) -> Self {
        let context = Some(Context::new(algorithm.function()));
        match algorithm {
            Algorithm::Sha256 => Self { sha256: context, sha512: None },
            Algorithm::Sha512 => Self { sha256: None, sha512: context },
        }
    }

    /// By both, for content that has to be found under either.
    #[must_use]
    pub fn both() -> Self {
        let context = |algorithm: Algorithm| Some(Context::new(algorithm.function()));
        Self { sha256: context(Algorithm::Sha256), sha512: context(Algorithm::Sha512) }
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        for context in [&mut self.sha256, &mut self.sha512].into_iter().flatten() {
            context.update(bytes);
        }
    }

    /// The digests of all that was taken.
    #[must_use]
    pub fn finish(self) -> Digests {
        let digest = |algorithm, context: Option<Context>| {
            context.map(|context| Digest::from_hash(algorithm, context.finish().as_ref()))
        };
        Digests {
            sha256: digest(Algorithm::Sha256, self.sha256),
            sha512: digest(Algorithm::Sha512, self.sha512),
        }
    }
}

impl Digests {
    /// The digest by `algorithm`; `None` if that was not asked for from the start.
    #[must_use]
    pub fn get(&self, algorithm: Algorithm) -> Option<Digest> {
        match algorithm {
            Algorithm::Sha256 => self.sha256,
            Algorithm::Sha512 => self.sha512,
        }
    }
}

impl std::fmt::Debug for Hasher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hasher").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_whole() {
        let content: Vec<u8> = (0..=u8::MAX).cycle().take(3067).collect();
        let mut both = Hasher::both();
        for piece in content.chunks(100) {
            both.update(piece);
        }
        let both = both.finish();
        for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
            let expected = Some(Digest::of(algorithm, &content));
            assert_eq!(both.get(algorithm), expected);
            let mut one = Hasher::of(algorithm);
            one.update(&content);
            assert_eq!(one.finish().get(algorithm), expected);
        }
        assert_eq!(Hasher::of(Algorithm::Sha256).finish().get(Algorithm::Sha512), None);
    }
}
