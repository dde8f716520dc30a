//! Changes of the crew, with what the event log is told of them.

use atproto::Did;
use events::{Event, EventLog, kinds};
use hold::{CrewMember, Hold, Permission, UnknownTier};
use serde_json::json;

/// Who is taken on and let go, by a command or over the network.
pub struct Crew<'a> {
    /// Whose crew it is.
    pub hold: &'a Hold,
    /// What happens is recorded there.
    pub events: &'a EventLog,
    /// The DID of who decides; none stands for whoever has the machine.
    pub actor: Option<&'a str>,
}

/// Why somebody is not taken on.
#[derive(Debug, thiserror::Error)]
pub enum CrewError {
    /// There is no such tier.
    #[error(transparent)]
    Tier(#[from] UnknownTier),
    /// The database failed.
    #[error(transparent)]
    Hold(#[from] hold::Error),
}

impl Crew<'_> {
    /// Takes somebody on, or changes what they may do: then the day on which they came stays.
    pub async fn take_on(
        &self,
        member: &Did,
        permissions: Vec<Permission>,
        tier: Option<&str>,
    ) -> Result<CrewMember, CrewError> {
        if let Some(tier) = tier {
            self.hold.tiers().known(tier)?;
        }
        let new =
            CrewMember { tier: tier.map(str::to_owned), ..CrewMember::granted(member.clone(), permissions) };
        self.hold.take_on(new.clone()).await?;
        let there = self.hold.member(member).await?.unwrap_or(new);
        let names: Vec<_> = there.permissions.iter().map(|permission| permission.name()).collect();
        let detail = json!({ "permissions": names, "tier": there.tier });
        let event = Event::new(kinds::REGISTRY_CREW_TAKEN_ON).actor(self.actor).subject(member.as_str());
        self.events.record(event.detail(detail));
        Ok(there)
    }

    /// Lets somebody go; their images stay. Whether they were there.
    pub async fn let_go(&self, member: &Did) -> Result<bool, hold::Error> {
        let was_there = self.hold.let_go(member).await?;
        if was_there {
            let event = Event::new(kinds::REGISTRY_CREW_LET_GO).actor(self.actor).subject(member.as_str());
            self.events.record(event);
        }
        Ok(was_there)
    }
}
