//! A user as commands print them.

use std::io::{self, Write};

use accounts::templates;
use accounts::users::User;
use serde::Serialize;

use crate::cli::granted::names;
use crate::output::{Answer, Facts, moment};

/// The fields of the admin API, and what somebody without a DID is called.
#[derive(Serialize)]
pub(super) struct UserView {
    pub(super) id: String,
    did: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    pub(super) is_super: bool,
    pub(super) permissions: Vec<&'static str>,
    pub(super) created_at: String,
    pub(super) last_used_at: Option<String>,
}

impl UserView {
    /// What users are called in lists and answers.
    pub(super) fn who(&self) -> &str {
        self.did.as_deref().or(self.name.as_deref()).unwrap_or(&self.id)
    }

    /// The template that grants just what the user holds.
    pub(super) fn role(&self) -> &'static str {
        let same = |permissions: &[_]| {
            let granted = names(permissions);
            granted.len() == self.permissions.len()
                && granted.iter().all(|name| self.permissions.contains(name))
        };
        let template = templates().into_iter().find(|template| same(&template.permissions));
        match template {
            _ if self.is_super => "super user",
            _ if self.permissions.is_empty() => "none",
            Some(template) => template.key,
            None => "custom",
        }
    }

    pub(super) fn last_seen(&self) -> &str {
        self.last_used_at.as_deref().unwrap_or("never")
    }
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            permissions: names(&user.permissions),
            created_at: moment(user.created_at),
            last_used_at: user.last_used_at.map(moment),
            id: user.id,
            did: user.did,
            name: user.name,
            is_super: user.is_super,
        }
    }
}

impl Answer for UserView {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let facts = Facts::default()
            .fact("user", self.who())
            .fact("id", &self.id)
            .fact("role", self.role())
            .fact("added", &self.created_at)
            .fact("last seen", self.last_seen())
            .list("permissions", &self.permissions, "none");
        write!(to, "{facts}")
    }
}
