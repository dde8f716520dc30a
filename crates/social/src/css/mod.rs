//! What people write of the looks of their profile, of which only what stays on the profile is kept (spec/social.md §7.1).
//!
//! A text is taken apart by a parser of the language, and what is kept is written anew from its parts: nothing is looked for in
//! the text itself, where escapes and comments would hide it. What is not known to be harmless is left out, by the declaration or
//! by the rule, as browsers do with what they do not know.

mod declarations;
mod piece;
mod properties;
mod rules;
mod selectors;
#[cfg(test)]
mod tests;
mod values;

use crate::Error;

/// The longest sheet, before and after.
const MAX_BYTES: usize = 16 * 1024;

/// Only what can be shown on the profile of `username`; cleaning it again changes nothing.
pub(crate) fn sanitize(css: &str, username: &str) -> Result<String, Error> {
    let too_long = || Error::Invalid("customCss has more than 16 KiB".into());
    if css.len() > MAX_BYTES {
        return Err(too_long());
    }
    if css.contains('\0') {
        return Err(Error::Invalid("customCss contains U+0000".into()));
    }
    let clean = rules::clean(css, &format!("profile-page-{username}"));
    if clean.len() > MAX_BYTES { Err(too_long()) } else { Ok(clean) }
}
