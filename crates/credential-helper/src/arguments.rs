//! What can be asked for on the command line.

use clap::{Args, Parser, Subcommand};

/// Keeps the secrets of registries for docker, podman, skopeo and buildah.
///
/// Log in once, tell your client about this program, and push:
///
///   docker-credential-belvedere login registry.example.com
///   docker-credential-belvedere configure-docker registry.example.com
///   docker push registry.example.com/alice.example.com/app
#[derive(Debug, Parser)]
#[command(name = "docker-credential-belvedere", version, verbatim_doc_comment)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Prints the secret for the registry on standard input (for clients)
    Get,
    /// Keeps the secret on standard input (for clients)
    Store,
    /// Forgets all secrets for the registry on standard input (for clients)
    Erase,
    /// Prints for which registries there are secrets (for clients)
    List,
    /// Logs in at a registry: shows a code that you approve in a browser
    Login(Login),
    /// Forgets an account, or all accounts, at a registry
    Logout {
        /// The registry, for example registry.example.com
        host: String,
        /// Whose secret to forget; everybody's if it is left out
        account: Option<String>,
    },
    /// Shows who is logged in where; the active account is marked
    Status,
    /// Makes another account the active one at a registry
    Switch {
        /// The registry
        host: String,
        /// The handle or DID of an account that is logged in
        account: String,
    },
    /// Tells docker, podman, skopeo and buildah to ask this program about registries
    ConfigureDocker {
        /// The registries; all where somebody is logged in if none is named
        hosts: Vec<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Login {
    /// The registry, for example registry.example.com
    pub(crate) host: String,
    /// What to call this machine in the list of your devices
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Do not open a browser, only show the address
    #[arg(long)]
    pub(crate) no_browser: bool,
}
