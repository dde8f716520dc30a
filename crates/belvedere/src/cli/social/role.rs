//! `belvedere social role`

use std::io::{self, Write};

use anyhow::Result;
use clap::{Args, ValueEnum};
use events::{Event, EventLog, kinds};
use serde::Serialize;
use serde_json::json;
use social::{moderation, users};
use store::Database;

use crate::failure::Failure;
use crate::output::{Answer, Output};

/// Make somebody an admin or a moderator, or neither
///
/// An admin makes rules about other servers and says who is what; a moderator answers reports, suspends and silences. It
/// counts from their next request on.
#[derive(Args, Debug)]
pub(super) struct Role {
    /// Who: the name, as in `@name`
    username: String,
    /// What they are from now on
    #[arg(value_name = "ROLE")]
    named: Named,
    #[command(flatten)]
    output: Output,
}

#[derive(Clone, Copy, Debug, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
enum Named {
    Admin,
    Moderator,
    User,
}

impl Named {
    const fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Moderator => "moderator",
            Self::User => "user",
        }
    }
}

#[derive(Serialize)]
struct Changed {
    username: String,
    role: Named,
    before: String,
}

impl Role {
    pub(super) async fn run(self, state: &Database, log: &EventLog) -> Result<()> {
        let (name, role) = (self.username.clone(), self.named);
        let changed = state.write(move |conn| {
            let found = users::by_handle(conn, &name)?.filter(|user| user.is_there() && user.is_local());
            let Some(user) = found else { return Ok(None) };
            moderation::role(conn, user.id, role.name())?;
            Ok::<_, social::Error>(Some((user.username, user.role)))
        });
        let (username, before) = changed.await?.ok_or_else(|| nobody(&self.username))?;
        let detail = json!({ "role": role, "before": before });
        log.record(Event::new(kinds::SOCIAL_ROLE_CHANGED).subject(&username).detail(detail));
        Ok(self.output.print(&Changed { username, role, before })?)
    }
}

impl Answer for Changed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let article = if matches!(self.role, Named::Admin) { "an" } else { "a" };
        writeln!(to, "{} is {article} {} now", self.username, self.role.name())
    }
}

fn nobody(name: &str) -> Failure {
    Failure::new(
        format!("there is nobody here who is called {name}"),
        "roles are of people who are at home here; they make their profiles themselves: `POST /social/auth/register`",
    )
}
