//! How much room members have (spec/registry.md §4.7).

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Deserialize;

/// The tiers there are. Without any, everybody has as much room as there is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tiers {
    /// In bytes, by name.
    quotas: BTreeMap<String, u64>,
    /// Of who has none of their own.
    default: Option<String>,
}

/// Why a description of tiers is none.
#[derive(Debug, thiserror::Error)]
pub enum NoTiers {
    /// Not of the form.
    #[error(
        "the tiers are not written as {{\"tiers\":{{\"NAME\":{{\"quota\":\"5GB\"}}}},\"defaults\":{{\"new_crew_tier\":\"NAME\"}}}}: {0}"
    )]
    Form(#[from] serde_json::Error),
    /// Not a size.
    #[error("the quota {0:?} is not a size: write a number and one of B, KB, MB, GB, TB, PB")]
    Size(String),
    /// Not a tier.
    #[error("the default is a tier that there is not: {0}")]
    Default(String),
}

/// A tier that there is not.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no tier `{name}`")]
pub struct UnknownTier {
    /// What was asked for.
    pub name: String,
    /// Those that there are, smallest first.
    pub there: Vec<String>,
}

impl UnknownTier {
    /// What there is instead.
    #[must_use]
    pub fn help(&self) -> String {
        if self.there.is_empty() {
            "there are no tiers, so everybody has as much room as there is; registry_quota_file names the file that says which there are"
                .to_owned()
        } else {
            format!("registry_quota_file has {}", self.there.join(", "))
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    tiers: BTreeMap<String, WrittenTier>,
    #[serde(default)]
    defaults: WrittenDefaults,
}

#[derive(Deserialize)]
struct WrittenTier {
    quota: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenDefaults {
    new_crew_tier: Option<String>,
}

impl Tiers {
    /// How much room a member of this tier has, in bytes; none stands for as much as there is. An unknown tier is the default.
    #[must_use]
    pub fn quota(&self, tier: Option<&str>) -> Option<u64> {
        let named = tier.and_then(|tier| self.quotas.get(tier));
        named.or_else(|| self.quotas.get(self.default.as_deref()?)).copied()
    }

    /// Refuses a tier that there is not: whoever is in it would have the default without a word.
    pub fn known(&self, tier: &str) -> Result<(), UnknownTier> {
        if self.quotas.contains_key(tier) {
            return Ok(());
        }
        let there = self.ranked().into_iter().map(|(name, _)| name.to_owned()).collect();
        Err(UnknownTier { name: tier.to_owned(), there })
    }

    /// Who has none of their own is in this one.
    #[must_use]
    pub fn default_tier(&self) -> Option<&str> {
        self.default.as_deref()
    }

    /// Whether nobody has less room than there is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.quotas.is_empty()
    }

    /// The tier that somebody is in, who was put in this one or in none; none where there are no tiers for them.
    #[must_use]
    pub fn of<'a>(&'a self, tier: Option<&'a str>) -> Option<&'a str> {
        tier.filter(|tier| self.quotas.contains_key(*tier)).or(self.default.as_deref())
    }

    /// Names and quotas, smallest first: the rank of a tier is its place.
    #[must_use]
    pub fn ranked(&self) -> Vec<(&str, u64)> {
        let mut ranked: Vec<_> = self.quotas.iter().map(|(name, quota)| (&**name, *quota)).collect();
        ranked.sort_by_key(|(_, quota)| *quota);
        ranked
    }
}

impl FromStr for Tiers {
    type Err = NoTiers;

    fn from_str(text: &str) -> Result<Self, NoTiers> {
        let Written { tiers, defaults } = serde_json::from_str(text)?;
        let quota = |tier: WrittenTier| size(&tier.quota).ok_or(NoTiers::Size(tier.quota));
        let quotas = tiers.into_iter().map(|(name, tier)| Ok((name, quota(tier)?)));
        let quotas: BTreeMap<_, _> = quotas.collect::<Result<_, NoTiers>>()?;
        match defaults.new_crew_tier {
            Some(name) if !quotas.contains_key(&name) => Err(NoTiers::Default(name)),
            default => Ok(Self { quotas, default }),
        }
    }
}

/// A number and a unit, each a thousand times the one before.
fn size(text: &str) -> Option<u64> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let power = ["B", "KB", "MB", "GB", "TB", "PB"].iter().position(|known| *known == unit.trim())?;
    number.parse::<u64>().ok()?.checked_mul(1000_u64.pow(u32::try_from(power).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIERS: &str = r#"{"tiers":{"deckhand":{"quota":"5GB"},"bosun":{"quota":"50 GB"},"mouse":{"quota":"10B"}},
        "defaults":{"new_crew_tier":"deckhand"}}"#;

    #[test]
    fn say_how_much_room_there_is() {
        let tiers: Tiers = TIERS.parse().unwrap();
        assert_eq!(tiers.quota(Some("bosun")), Some(50_000_000_000));
        assert_eq!(tiers.quota(None), Some(5_000_000_000));
        assert_eq!(tiers.quota(Some("admiral")), Some(5_000_000_000));
        assert_eq!((tiers.of(Some("bosun")), tiers.of(Some("admiral"))), (Some("bosun"), Some("deckhand")));
        assert_eq!(tiers.ranked()[0], ("mouse", 10));
        assert_eq!(Tiers::default().quota(Some("bosun")), None);
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "",
            "{}",
            r#"{"tiers":{"a":{"quota":"5"}}}"#,
            r#"{"tiers":{"a":{"quota":"GB"}}}"#,
            r#"{"tiers":{"a":{"quota":"-5GB"}}}"#,
            r#"{"tiers":{"a":{"quota":"99999999PB"}}}"#,
            r#"{"tiers":{},"defaults":{"new_crew_tier":"a"}}"#,
            r#"{"tiers":{},"default":{}}"#,
        ] {
            assert!(text.parse::<Tiers>().is_err(), "{text}");
        }
    }
}
