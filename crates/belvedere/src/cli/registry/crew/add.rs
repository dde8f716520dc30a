//! `belvedere registry crew add`

use anyhow::Result;
use clap::Args;
use events::{Event, EventLog, kinds};
use hold::{CrewMember, Permission, Tiers};
use serde_json::json;

use super::granted::{Granted, role};
use super::view::MemberView;
use crate::cli::registry::opened::Opened;
use crate::cli::registry::who;
use crate::failure::Failure;
use crate::output::Output;

/// Take somebody on, or change what they may do
#[derive(Args, Debug)]
pub(super) struct Add {
    /// DID or handle
    member: String,
    /// What they may do; may be repeated
    #[arg(long = "permission", value_name = "PERMISSION", default_value = "write")]
    permissions: Vec<Granted>,
    /// How much room they have: a tier of --registry-quota-file; the default tier without it
    #[arg(long, value_name = "NAME")]
    tier: Option<String>,
    #[command(flatten)]
    output: Output,
}

impl Add {
    pub(super) async fn run(self, opened: &Opened<'_>, log: &EventLog) -> Result<()> {
        let hold = opened.hold().await?;
        if let Some(tier) = &self.tier {
            known(tier, hold.tiers())?;
        }
        let did = who::did(&self.member, opened).await?;
        let mut permissions: Vec<Permission> =
            self.permissions.iter().map(|granted| granted.permission()).collect();
        permissions.sort_unstable();
        permissions.dedup();
        let role = role(&permissions);
        let new = CrewMember { tier: self.tier, ..CrewMember::new(did.clone(), role, permissions) };
        hold.take_on(new.clone()).await?;
        // Of who was there, the day stays.
        let member = MemberView::from(hold.member(&did).await?.unwrap_or(new));
        let detail = json!({ "permissions": member.permissions, "tier": member.tier });
        log.record(Event::new(kinds::REGISTRY_CREW_TAKEN_ON).subject(&member.member).detail(detail));
        Ok(self.output.print(&member)?)
    }
}

/// A tier that there is not would be the default without a word.
fn known(tier: &str, tiers: &Tiers) -> Result<()> {
    let names: Vec<&str> = tiers.ranked().into_iter().map(|(name, _)| name).collect();
    if names.contains(&tier) {
        return Ok(());
    }
    let help = if names.is_empty() {
        "there are no tiers, so everybody has as much room as there is; registry_quota_file names the file that says which there are"
            .to_owned()
    } else {
        format!("registry_quota_file has {}", names.join(", "))
    };
    Err(Failure::new(format!("there is no tier `{tier}`"), help).into())
}
