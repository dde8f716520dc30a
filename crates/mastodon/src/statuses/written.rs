//! What a client says a status is to be.

use social::thoughts::{NewContent, Thought, check};
use social::{Id, Visibility};

use crate::accounts::Defaults;
use crate::entities::visibility;
use crate::fields::Fields;
use crate::refusal::Refusal;

/// What was said, and what of it.
#[derive(Clone)]
pub(super) struct Written {
    pub(super) content: NewContent,
    pub(super) visibility: Option<Visibility>,
    pub(super) parent: Option<Id>,
    /// `None` if nothing is said of them.
    pub(super) pictures: Option<Vec<Id>>,
}

impl Written {
    /// What is not said is as `defaults` have it.
    pub(super) fn read(fields: &Fields, defaults: &Defaults) -> Result<Self, Refusal> {
        if fields.mentions("poll") {
            return Err(Refusal::invalid("there are no polls on this server"));
        }
        if fields.filled("scheduled_at").is_some() {
            return Err(Refusal::invalid("statuses cannot be scheduled on this server"));
        }
        if fields.filled("quoted_status_id").is_some() || fields.filled("quote_id").is_some() {
            return Err(Refusal::invalid("statuses cannot be quoted on this server"));
        }
        let pictures = fields.list("media_ids").map(|id| id.parse().map_err(|_| no_picture()));
        let pictures: Vec<Id> = pictures.collect::<Result<_, _>>()?;
        let pictures = (fields.mentions("media_ids") || !pictures.is_empty()).then_some(pictures);
        let warning = fields.filled("spoiler_text").map(str::to_owned);
        let content = NewContent {
            content: fields.text("status").unwrap_or_default().to_owned(),
            sensitive: fields.flag("sensitive").unwrap_or(defaults.sensitive) || warning.is_some(),
            content_warning: warning,
            mood: None,
            language: fields.filled("language").map(str::to_owned).or_else(|| defaults.language.clone()),
        };
        let parent = fields.filled("in_reply_to_id").map(|id| id.parse().map_err(|_| Refusal::NotFound));
        let wanted = fields.filled("visibility").map(|name| {
            visibility(name).ok_or_else(|| Refusal::invalid("visibility is none of this server"))
        });
        Ok(Self { content, visibility: wanted.transpose()?, parent: parent.transpose()?, pictures })
    }

    /// What it makes of a thought: what clients do not say, or cannot, stays.
    pub(super) fn over(&self, before: &Thought) -> NewContent {
        let language = self.content.language.clone().or_else(|| before.language.clone());
        NewContent { mood: before.mood.clone(), language, ..self.content.clone() }
    }

    /// Refuses what is out of bounds.
    pub(super) fn check(
        content: &NewContent,
        max_characters: usize,
        pictures: usize,
    ) -> Result<(), social::Error> {
        check(content, max_characters, pictures > 0)
    }
}

fn no_picture() -> Refusal {
    Refusal::invalid("media_ids has one that is no id")
}
