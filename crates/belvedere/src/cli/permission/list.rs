//! `belvedere permission list`

use std::io::{self, Write};

use accounts::permissions::{PERMISSIONS, PermissionInfo};
use accounts::{Template, templates};
use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::cli::granted::names;
use crate::output::{Answer, Output, Table};

/// List every permission and the templates that have it
#[derive(Args, Debug)]
pub(super) struct List {
    #[command(flatten)]
    output: Output,
}

/// The fields of the admin API.
#[derive(Serialize)]
struct Listed {
    permissions: Vec<PermissionView>,
    templates: Vec<TemplateView>,
}

#[derive(Serialize)]
struct PermissionView {
    key: &'static str,
    name: &'static str,
    description: &'static str,
    category: &'static str,
}

#[derive(Serialize)]
struct TemplateView {
    key: &'static str,
    label: &'static str,
    permissions: Vec<&'static str>,
}

impl List {
    pub(super) fn run(self) -> Result<()> {
        let permissions = PERMISSIONS.iter().map(PermissionView::from).collect();
        let templates = templates().into_iter().map(TemplateView::from).collect();
        Ok(self.output.print(&Listed { permissions, templates })?)
    }
}

impl From<&PermissionInfo> for PermissionView {
    fn from(info: &PermissionInfo) -> Self {
        let PermissionInfo { permission, name, description, category } = *info;
        Self { key: permission.name(), name, description, category }
    }
}

impl From<Template> for TemplateView {
    fn from(template: Template) -> Self {
        Self { key: template.key, label: template.label, permissions: names(&template.permissions) }
    }
}

impl Answer for Listed {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let mut table = Table::new(["PERMISSION", "TEMPLATE", "ALLOWS TO"]);
        for permission in &self.permissions {
            let has = |template: &&TemplateView| template.permissions.contains(&permission.key);
            let least = self.templates.iter().find(has).map(|template| template.key).unwrap_or_default();
            table.row([permission.key.to_owned(), least.to_owned(), permission.description.to_owned()]);
        }
        let keys: Vec<&str> = self.templates.iter().map(|template| template.key).collect();
        write!(to, "{table}\nA template has what those before it have: {}.\n", keys.join(", "))
    }
}
