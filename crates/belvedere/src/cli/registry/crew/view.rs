//! Somebody of the crew as commands print them.

use std::io::{self, Write};

use hold::CrewMember;
use serde::Serialize;

use crate::output::{Answer, Facts, instant};

/// The fields of a crew record.
#[derive(Serialize)]
pub(super) struct MemberView {
    pub(super) member: String,
    pub(super) role: String,
    pub(super) permissions: Vec<&'static str>,
    pub(super) tier: Option<String>,
    pub(super) added_at: String,
}

impl From<CrewMember> for MemberView {
    fn from(member: CrewMember) -> Self {
        Self {
            permissions: member.permissions.iter().map(|permission| permission.name()).collect(),
            added_at: instant(member.added_at),
            member: member.member.to_string(),
            role: member.role,
            tier: member.tier,
        }
    }
}

impl Answer for MemberView {
    fn write_text(&self, to: &mut dyn Write) -> io::Result<()> {
        let facts = Facts::default()
            .fact("member", &self.member)
            .fact("role", &self.role)
            .list("permissions", &self.permissions, "none")
            .fact("tier", self.tier.as_deref().unwrap_or("default"))
            .fact("added", &self.added_at);
        write!(to, "{facts}")
    }
}
