//! How a command that fails tells why: one line with the error, one with what to do.

use std::fmt;
use std::io::{self, ErrorKind};
use std::process::ExitCode;

use accounts::clients::ClientError;
use backfill::JobError;
use store::dump::DumpError;

use crate::config;

/// An error together with the way out.
#[derive(Debug)]
pub(crate) struct Failure {
    error: String,
    help: String,
}

impl Failure {
    /// Both lines, without the words in front.
    pub(crate) fn new(error: impl Into<String>, help: impl Into<String>) -> Self {
        Self { error: error.into(), help: help.into() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error)
    }
}

impl std::error::Error for Failure {}

/// Prints the error and chooses the exit code: 2 for a wrong configuration, as for a wrong command line; else 1.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    if is_closed_pipe(error) {
        // `belvedere record list | head` has got what it wanted.
        return ExitCode::SUCCESS;
    }
    eprintln!("error: {}", one_line(&format!("{error:#}")));
    if let Some(help) = help(error) {
        eprintln!("help: {help}");
    }
    ExitCode::from(if error.is::<config::Error>() { 2 } else { 1 })
}

fn help(error: &anyhow::Error) -> Option<&str> {
    error.chain().find_map(|cause| {
        if let Some(failure) = cause.downcast_ref::<Failure>() {
            return Some(failure.help.as_str());
        }
        if let Some(error) = cause.downcast_ref::<config::Error>() {
            return Some(error.help());
        }
        let of_accounts = cause.downcast_ref::<accounts::Error>().and_then(accounts_help);
        let of_clients = || cause.downcast_ref::<ClientError>().and_then(client_help);
        let of_dump = || cause.downcast_ref::<DumpError>().and_then(dump_help);
        let of_store = || cause.downcast_ref::<store::Error>().and_then(store_help);
        let of_source = || cause.downcast_ref::<happyview::Error>().map(source_help);
        let of_background = || cause.downcast_ref::<jobs::JobError>().and_then(background_help);
        let of_jobs = || cause.downcast_ref::<JobError>().and_then(job_help);
        let of_registry = || cause.downcast_ref::<repos::Error>().and_then(registry_help);
        let of_hold = || cause.downcast_ref::<hold::Error>().and_then(hold_help);
        of_accounts
            .or_else(of_clients)
            .or_else(of_registry)
            .or_else(of_hold)
            .or_else(of_jobs)
            .or_else(of_background)
            .or_else(of_dump)
            .or_else(of_source)
            .or_else(of_store)
    })
}

/// What an operator can do about users and keys.
fn accounts_help(error: &accounts::Error) -> Option<&'static str> {
    use accounts::Error;
    match error {
        Error::UnknownPermission(_) | Error::UnknownTemplate(_) => {
            Some("`belvedere permission list` shows permissions and templates")
        }
        Error::UserExists(_) => Some("`belvedere user grant` gives somebody more permissions"),
        Error::NoSuchUser(_) => Some("`belvedere user list` shows everybody with their ids"),
        Error::NoSuchKey(_) => Some("`belvedere key list` shows the ids of all keys"),
        Error::Forbidden(_) => Some(
            "`belvedere user list` shows the super user; `belvedere user transfer-super` makes it another one",
        ),
        _ => None,
    }
}

/// What an operator can do about API clients.
fn client_help(error: &ClientError) -> Option<&'static str> {
    match error {
        ClientError::Field { .. } => Some("`belvedere client create --help` shows examples"),
        ClientError::Duplicate => Some("`belvedere client list` shows the client that has it"),
        ClientError::NoSuchClient => Some("`belvedere client list` shows those there are"),
        _ => None,
    }
}

/// What an operator can do about accounts of the registry.
fn registry_help(error: &repos::Error) -> Option<&'static str> {
    use repos::Error;
    match error {
        Error::Taken(_) => Some(
            "`belvedere registry account list` shows who has it; `belvedere registry account password` gives them another password",
        ),
        Error::NotHosted(_) => Some("`belvedere registry account list` shows those there are"),
        Error::Password(_) => Some("choose another one; nothing was changed"),
        Error::Store(error) => store_help(error),
        _ => None,
    }
}

/// What an operator can do about where layers lie.
fn hold_help(error: &hold::Error) -> Option<&'static str> {
    match error {
        hold::Error::Storage(_) => Some(
            "check registry_dir or registry_s3_url, and who may write there; then run this again to go on",
        ),
        hold::Error::Store(error) => store_help(error),
        _ => None,
    }
}

/// What an operator can do about jobs that fetch history.
fn job_help(error: &JobError) -> Option<&'static str> {
    match error {
        JobError::NotFound { .. } => Some("`belvedere backfill list` shows the ids of all jobs"),
        JobError::Conflict { .. } => {
            Some("`belvedere backfill show ID` says how far it is; a new one can be started at any time")
        }
        _ => None,
    }
}

/// What an operator can do about background jobs.
fn background_help(error: &jobs::JobError) -> Option<&'static str> {
    use jobs::JobError;
    match error {
        JobError::NotFound { .. } => Some("`belvedere job list` shows the ids of all jobs"),
        JobError::Conflict { .. } => {
            Some("`belvedere job show ID` says how far it is; `belvedere job --help` says what can be done")
        }
        JobError::Cursor => Some("name the id of a job: the last one that was listed"),
        JobError::Store(error) => store_help(error),
        _ => None,
    }
}

/// What an operator can do about a backup. Most of the messages say so themselves.
fn dump_help(error: &DumpError) -> Option<&'static str> {
    match error {
        DumpError::Database(error) | DumpError::Row { source: error, .. } => store_help(error),
        DumpError::Foreign => Some("name a file that `belvedere state backup FILE` wrote"),
        DumpError::NotEmpty { .. } => Some(
            "name another place with --data-dir DIR or DATABASE_URL; --force deletes all that is there and puts the backup in its place",
        ),
        DumpError::Script { .. } => Some(
            "nothing was changed; --without-scripts restores everything else and leaves what scripts have here as it is",
        ),
        DumpError::Scripts(_) => {
            Some("`belvedere doctor` looks closer; --without-scripts leaves out what scripts made")
        }
        DumpError::Io { .. } => Some("look for space on the disk and who may write there"),
        _ => None,
    }
}

/// What an operator can do about a database that is imported.
fn source_help(error: &happyview::Error) -> &'static str {
    use happyview::Error;
    match error {
        Error::Missing(_) | Error::Url(_) => {
            "name what DATABASE_URL of the old server says: sqlite://PATH, the path of the file, or postgres://…"
        }
        Error::Folder(_) => "name the database file in it",
        Error::Foreign(_) => "name the database of a HappyView server, version 2.0 or later",
        Error::Open { .. } => {
            "look for who may read it; a SQLite file must be in a folder where this program may write, or be copied to one"
        }
        Error::Read { .. } => "run this again to go on; what was imported stays",
    }
}

/// What an operator can do about the database. Messages that already say so need no second line.
fn store_help(error: &store::Error) -> Option<&'static str> {
    match error {
        store::Error::Open { .. } => {
            Some("check DATABASE_URL and the data folder; `belvedere doctor` looks closer")
        }
        error if error.is_transient() => Some("try again; `belvedere doctor` looks for the cause"),
        _ => None,
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let closed = |error: &io::Error| error.kind() == ErrorKind::BrokenPipe;
    error.chain().any(|cause| cause.downcast_ref::<io::Error>().is_some_and(closed))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
