//! Which events are asked for.

use events::{Error, Filter};
use serde::Deserialize;
use utoipa::IntoParams;

/// Conditions that must all hold. One without a value is as good as absent: forms send such.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Params {
    /// Exactly this type, e.g. `user.created`.
    event_type: Option<String>,
    /// One of these categories, separated by commas, e.g. `user,api_key`.
    category: Option<String>,
    /// One of these severities, separated by commas: `info`, `warn`, `error`.
    severity: Option<String>,
    /// This text anywhere in the subject.
    subject: Option<String>,
}

impl TryFrom<Params> for Filter {
    type Error = Error;

    fn try_from(params: Params) -> Result<Self, Error> {
        let text = |param: Option<String>| param.filter(|text| !text.is_empty());
        Ok(Self {
            event_type: text(params.event_type),
            categories: words(params.category.as_deref()).map(str::to_owned).collect(),
            severities: words(params.severity.as_deref()).map(str::parse).collect::<Result<_, _>>()?,
            subject: text(params.subject),
        })
    }
}

fn words(list: Option<&str>) -> impl Iterator<Item = &str> {
    list.unwrap_or_default().split(',').map(str::trim).filter(|word| !word.is_empty())
}
