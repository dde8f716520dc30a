//! The contract between the shell and an app that tells client programs apart in its metrics.

use std::fmt;

use http::{HeaderMap, HeaderValue};

/// Sorts requests of a mount by the program that sent them.
///
/// Programs call themselves what they like, and every value of a label is a time series for ever: so there is a fixed number of
/// classes. What is counted of a class is made when its first request is, and from then on a request only adds to it.
pub trait ClientClasses: fmt::Debug + Send + Sync + 'static {
    /// How many classes there are, from 0 on.
    fn count(&self) -> usize;

    /// What a request says about the program, kept until the request has been answered.
    fn claim(&self, headers: &HeaderMap) -> Option<HeaderValue>;

    /// The class of a claim. Asked when the request has been answered, so an authenticator may have made one for it.
    fn class(&self, claim: Option<&HeaderValue>) -> usize;

    /// The labels of a class, beside those of the route.
    fn labels(&self, class: usize) -> Vec<(&'static str, String)>;
}
