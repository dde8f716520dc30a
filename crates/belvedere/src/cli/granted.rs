//! Permissions on the command line: a role, single ones, or both.

use std::collections::BTreeSet;

use accounts::templates;
use clap::Args;
use clap::builder::PossibleValuesParser;
use server::Permission;

/// What `belvedere permission list` explains.
#[derive(Args, Debug)]
pub(super) struct Granted {
    /// Permissions of a role
    #[arg(long, value_parser = PossibleValuesParser::new(templates().map(|template| template.key)))]
    template: Option<String>,
    /// A single permission, such as lexicons:read; can be repeated and added to a template
    #[arg(long = "permission", value_name = "PERMISSION")]
    permissions: Vec<String>,
}

impl Granted {
    /// Whether nothing was said.
    pub(super) fn is_empty(&self) -> bool {
        self.template.is_none() && self.permissions.is_empty()
    }

    /// The names of the permissions, as they were written: whoever takes them checks them.
    pub(super) fn names(&self) -> Vec<String> {
        let of_template = self.template.as_deref().map(names_of).unwrap_or_default();
        let all: BTreeSet<String> = of_template.into_iter().chain(self.permissions.iter().cloned()).collect();
        all.into_iter().collect()
    }
}

/// What a template grants.
pub(super) fn names_of(template: &str) -> Vec<String> {
    let found = templates().into_iter().filter(|known| known.key == template);
    found.flat_map(|known| known.permissions).map(|permission| permission.name().to_owned()).collect()
}

/// The names of permissions, as JSON has them.
pub(super) fn names(permissions: &[Permission]) -> Vec<&'static str> {
    permissions.iter().copied().map(Permission::name).collect()
}
