//! What somebody here may write (spec/social.md §3.5).

use crate::Error;

/// Characters of a warning.
const MAX_WARNING: usize = 500;

/// Characters of a mood.
const MAX_MOOD: usize = 64;

/// Letters of a language tag.
const MAX_LANGUAGE: usize = 35;

/// What a thought says.
#[derive(Clone, Debug, Default)]
pub struct NewContent {
    /// The text as it is written.
    pub content: String,
    /// What readers are warned of, if they are.
    pub content_warning: Option<String>,
    /// Whether pictures are hidden until somebody wants to see them.
    pub sensitive: bool,
    /// What the author feels.
    pub mood: Option<String>,
    /// A language tag (RFC 5646).
    pub language: Option<String>,
}

/// Refuses what is too long, and what says nothing unless there are pictures.
pub fn check(new: &NewContent, max_characters: usize, has_pictures: bool) -> Result<(), Error> {
    let characters = new.content.chars().count();
    if characters > max_characters {
        return Err(Error::Invalid(format!(
            "a thought has at most {max_characters} characters; this one has {characters}"
        )));
    }
    if new.content.trim().is_empty() && !has_pictures {
        return Err(Error::Invalid("a thought has at least one character".to_owned()));
    }
    if new.content.contains('\0') {
        return Err(Error::Invalid("a thought has no NUL in it".to_owned()));
    }
    let longer =
        |text: &Option<String>, limit: usize| text.as_ref().is_some_and(|text| text.chars().count() > limit);
    for (what, text, limit) in [
        ("a content warning", &new.content_warning, MAX_WARNING),
        ("a mood", &new.mood, MAX_MOOD),
        ("a language", &new.language, MAX_LANGUAGE),
    ] {
        if longer(text, limit) {
            return Err(Error::Invalid(format!("{what} has at most {limit} characters")));
        }
    }
    Ok(())
}
