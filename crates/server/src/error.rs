//! Why the shell does not start or stops by itself.

use http::Method;

/// A mistake in how apps are put together, or the end of a task.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Two mounts own the same prefix.
    #[error(
        "apps `{first}` and `{second}` both claim the path prefix `{prefix}`: mount only one of them there"
    )]
    PrefixClaimedTwice {
        /// The prefix.
        prefix: &'static str,
        /// The app mounted first.
        first: &'static str,
        /// The app mounted second.
        second: &'static str,
    },
    /// A prefix that could not cover any path.
    #[error(
        "app `{app}`: the path prefix `{prefix}` must start with `/` and, except `/` itself, not end with it"
    )]
    InvalidPrefix {
        /// The app.
        app: &'static str,
        /// The prefix.
        prefix: &'static str,
    },
    /// A route that requests cannot reach, because its path belongs to another mount.
    #[error("app `{app}`: {method} {path} is under the prefix `{owner}`, not under its mount `{prefix}`")]
    OutsideMount {
        /// The app.
        app: &'static str,
        /// The route's method.
        method: Method,
        /// The route's path.
        path: &'static str,
        /// The prefix of the mount that lists the route.
        prefix: &'static str,
        /// The prefix that covers the path, or nothing.
        owner: &'static str,
    },
    /// The same method on the same path.
    #[error("app `{app}` declares {method} {path} twice")]
    RouteDeclaredTwice {
        /// The app.
        app: &'static str,
        /// The method.
        method: Method,
        /// The path.
        path: &'static str,
    },
    /// A path that is malformed or cannot be told apart from another one.
    #[error("app `{app}`: {path}: {reason}")]
    InvalidPath {
        /// The app.
        app: &'static str,
        /// The path.
        path: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A background task panicked, so the server no longer does its job.
    #[error("task `{task}` of app `{app}` panicked: the server stops so that it can be restarted")]
    TaskPanicked {
        /// The app.
        app: &'static str,
        /// The task.
        task: &'static str,
    },
}
