//! The program that container clients ask for secrets (spec/registry.md §2.5).
//!
//! Clients call `docker-credential-NAME get` and so on, and speak in lines of JSON ([`protocol`]). People call the same program
//! to log in, which lets this machine in as a device of theirs ([`login`]): what it keeps can be revoked in a browser, and
//! is no password.

mod arguments;
mod credentials;
mod docker_config;
mod error;
mod host;
mod login;
mod manage;
mod pick;
mod places;
mod protocol;

use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

pub use error::Error;
pub use places::Places;

use arguments::{Arguments, Command};

/// What clients put in front of the name of a helper.
const PREFIX: &str = "docker-credential-";

/// The name of this helper, as it stands in the configuration of clients.
pub const NAME: &str = "belvedere";

/// Whether a program that was called so is this one.
#[must_use]
pub fn is_called(program: &OsStr) -> bool {
    let stem = Path::new(program).file_stem().and_then(OsStr::to_str);
    stem.and_then(|stem| stem.strip_prefix(PREFIX)) == Some(NAME)
}

/// Where it reads and writes.
pub struct Streams<'s> {
    /// What a client says.
    pub input: &'s mut dyn Read,
    /// What it is answered, also when that is an error: so clients want it.
    pub output: &'s mut dyn Write,
    /// What is only for people.
    pub notes: &'s mut dyn Write,
}

/// Does what the arguments say, the first being the program's name. On the process' own streams, with the user's own files.
#[must_use]
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = Arguments::parse_from(args);
    let (mut input, mut output, mut notes) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    let mut streams = Streams { input: &mut input, output: &mut output, notes: &mut notes };
    let outcome = Places::of_user().and_then(|places| perform(arguments.command, &mut streams, &places));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => report(&error),
    }
}

/// The same on other streams and with other files. The arguments follow the program's name.
pub fn run(
    args: impl IntoIterator<Item = impl Into<OsString>>,
    streams: &mut Streams<'_>,
    places: &Places,
) -> Result<(), Error> {
    let program = OsString::from(format!("{PREFIX}{NAME}"));
    let args = [program].into_iter().chain(args.into_iter().map(Into::into));
    let arguments = Arguments::try_parse_from(args).map_err(|error| Error::Usage(error.to_string()))?;
    perform(arguments.command, streams, places)
}

fn perform(command: Command, streams: &mut Streams<'_>, places: &Places) -> Result<(), Error> {
    match command {
        Command::Get => protocol::get(streams, places),
        Command::Store => protocol::store(streams, places),
        Command::Erase => protocol::erase(streams, places),
        Command::List => protocol::list(streams, places),
        Command::Login(login) => login::login(&login, streams, places),
        Command::Logout { host, account } => manage::logout(&host, account.as_deref(), streams, places),
        Command::Status => manage::status(streams, places),
        Command::Switch { host, account } => manage::switch(&host, &account, streams, places),
        Command::ConfigureDocker { hosts } => docker_config::configure(&hosts, streams, places),
    }
}

/// Clients read the reason from the standard output.
fn report(error: &Error) -> ExitCode {
    match error {
        Error::NotFound => println!("{error}"),
        other => {
            println!("{other}");
            eprintln!("{PREFIX}{NAME}: {other}");
        }
    }
    ExitCode::FAILURE
}
