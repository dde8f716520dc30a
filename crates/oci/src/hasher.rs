//! Digests of content that comes in pieces.

use aws_lc_rs::digest::Context;

use crate::{Algorithm, Digest};

/// Hashes a stream by one algorithm or both. Its state is a few hundred bytes, however long the stream is.
#[derive(Clone)]
pub struct Hasher {
    algorithm: Algorithm,
    context: Context,
    sha512: Option<Context>,
}

/// What a [`Hasher`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digests {
    first: Digest,
    sha512: Option<Digest>,
}

impl Hasher {
    /// By one algorithm.
    #[must_use]
    pub fn of(algorithm: Algorithm) -> Self {
        Self { algorithm, context: Context::new(algorithm.function()), sha512: None }
    }

    /// By both, for content that has to be found under either; SHA-256 is the first.
    #[must_use]
    pub fn both() -> Self {
        let sha512 = Some(Context::new(Algorithm::Sha512.function()));
        Self { sha512, ..Self::of(Algorithm::Sha256) }
    }

    /// The algorithm that is used first of all.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.context.update(bytes);
        if let Some(context) = &mut self.sha512 {
            context.update(bytes);
        }
    }

    /// The digests of all that was taken.
    #[must_use]
    pub fn finish(self) -> Digests {
        let digest = |algorithm, context: Context| Digest::from_hash(algorithm, context.finish().as_ref());
        Digests {
            first: digest(self.algorithm, self.context),
            sha512: self.sha512.map(|context| digest(Algorithm::Sha512, context)),
        }
    }
}

impl Digests {
    /// The digest by the algorithm that was asked for, or by the first of both.
    #[must_use]
    pub fn first(&self) -> Digest {
        self.first
    }

    /// The digest by `algorithm`; `None` if that was not asked for from the start.
    #[must_use]
    pub fn get(&self, algorithm: Algorithm) -> Option<Digest> {
        [Some(self.first), self.sha512].into_iter().flatten().find(|digest| digest.algorithm() == algorithm)
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
            assert_eq!(one.algorithm(), algorithm);
            let one = one.finish();
            assert_eq!((one.get(algorithm), Some(one.first())), (expected, expected));
        }
        assert_eq!(Hasher::of(Algorithm::Sha256).finish().get(Algorithm::Sha512), None);
    }
}
