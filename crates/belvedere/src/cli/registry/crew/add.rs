//! `belvedere registry crew add`

use anyhow::Result;
use clap::Args;
use events::EventLog;
use hold::Permission;
use registry::CrewError;

use super::granted::Granted;
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
        let crew = registry::Crew { hold: &hold, events: log, actor: None };
        let did = who::did(&self.member, opened).await?;
        let permissions: Vec<Permission> =
            self.permissions.iter().map(|granted| granted.permission()).collect();
        let member = match crew.take_on(&did, permissions, self.tier.as_deref()).await {
            Err(CrewError::Tier(unknown)) => {
                return Err(Failure::new(unknown.to_string(), unknown.help()).into());
            }
            taken_on => MemberView::from(taken_on?),
        };
        Ok(self.output.print(&member)?)
    }
}
