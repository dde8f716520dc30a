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
    /// An extension of a prefix that no app has.
    #[error(
        "app `{app}` extends the path prefix `{prefix}`, which no app owns: mount the one that does, or own it"
    )]
    PrefixNotOwned {
        /// The app with the extension.
        app: &'static str,
        /// The prefix.
        prefix: &'static str,
    },
    /// A base path that requests could not be under.
    #[error("base path `{base_path}`: {reason}; write it like `/hv`")]
    InvalidBasePath {
        /// As configured.
        base_path: String,
        /// What is wrong with it.
        reason: &'static str,
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
    #[error("{method} {path} is declared twice: by app `{first}` and by app `{second}`")]
    RouteDeclaredTwice {
        /// The app that declares it first.
        first: &'static str,
        /// The app that declares it again; it may be the same.
        second: &'static str,
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
    /// Two operations of the OpenAPI document have one name.
    #[error("the operations of {first} and {second} are both named `{id}`: give one another `operation_id`")]
    OperationNamedTwice {
        /// The name.
        id: String,
        /// The path of the first one.
        first: &'static str,
        /// The path of the second one.
        second: &'static str,
    },
    /// Two different types of the OpenAPI document have one name.
    #[error("two types of the interface are named `{name}`: give one another name with `#[schema(as = …)]`")]
    SchemaNamedTwice {
        /// The name.
        name: String,
    },
    /// A parameter is described that the path does not have.
    #[error("{path} has no parameter `{name}`")]
    UnknownPathParameter {
        /// The path.
        path: &'static str,
        /// The parameter.
        name: &'static str,
    },
    /// The OpenAPI document cannot be written.
    #[error("cannot write the OpenAPI document")]
    Document(#[source] serde_json::Error),
    /// A background task panicked, so the server no longer does its job.
    #[error("task `{task}` of app `{app}` panicked: the server stops so that it can be restarted")]
    TaskPanicked {
        /// The app.
        app: &'static str,
        /// The task.
        task: &'static str,
    },
}
