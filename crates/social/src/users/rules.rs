//! What people may write of themselves (spec/social.md §3.5).

use url::Url;
use uuid::Uuid;

use super::Field;
use crate::Error;
use crate::address::Addresses;

/// Names that mean something in paths.
const RESERVED: [&str; 6] = ["me", "count", "lookup", "instance", "admin", "relay"];

fn invalid<T>(message: impl Into<String>) -> Result<T, Error> {
    Err(Error::Invalid(message.into()))
}

/// 1 to 32 of letters, digits, `_` and `.`, and nothing that a path takes for something else.
pub(crate) fn username(name: &str) -> Result<(), Error> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
    let lower = name.to_ascii_lowercase();
    if !(1..=32).contains(&name.len()) || !name.bytes().all(is_allowed) {
        return invalid("a username has 1 to 32 of the characters A-Z, a-z, 0-9, _ and .");
    }
    if name.starts_with('.') || name.ends_with('.') {
        return invalid("a username neither begins nor ends with a dot");
    }
    if RESERVED.contains(&&*lower) || Uuid::parse_str(name).is_ok() {
        return invalid("this username is reserved");
    }
    Ok(())
}

/// An address as it is kept: in lower case.
pub(crate) fn email(email: &str) -> Result<String, Error> {
    let email = email.trim().to_lowercase();
    let has_parts = email.split_once('@').is_some_and(|(user, host)| !user.is_empty() && !host.is_empty());
    if !has_parts || email.len() > 255 || email.contains(|c: char| c.is_control() || c.is_whitespace()) {
        return invalid("email is not an e-mail address of at most 255 bytes");
    }
    Ok(email)
}

/// A text of at most so many characters, or nothing if it is empty.
pub(crate) fn text(name: &str, text: &str, max: usize) -> Result<Option<String>, Error> {
    if text.contains('\0') {
        return invalid(format!("{name} contains U+0000"));
    }
    if text.chars().count() > max {
        return invalid(format!("{name} has more than {max} characters"));
    }
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// At most four, with names of 64 and values of 256 characters.
pub(crate) fn fields(fields: &[Field]) -> Result<(), Error> {
    if fields.len() > 4 {
        return invalid("profileFields are at most 4");
    }
    for field in fields {
        if text("a profile field's name", &field.name, 64)?.is_none() {
            return invalid("a profile field has a name");
        }
        text("a profile field's value", &field.value, 256)?;
    }
    Ok(())
}

/// At most eight, with labels and emojis of 32 bytes.
pub(crate) fn moods(moods: &[Field]) -> Result<(), Error> {
    let fits = |text: &str| (1..=32).contains(&text.len()) && !text.contains('\0');
    if moods.len() > 8 {
        return invalid("customMoods are at most 8");
    }
    if moods.iter().all(|mood| fits(&mood.name) && fits(&mood.value)) {
        return Ok(());
    }
    invalid("a mood has a name and a value of 1 to 32 bytes each")
}

/// Whether a file is one that was uploaded for a profile: it goes when the profile shows another one.
pub(super) fn is_of_profile(name: &str) -> bool {
    name.starts_with("avatar-") || name.starts_with("banner-")
}

/// An address of a picture as it is kept: of one that this person uploaded here, or of the web; nothing if it is empty.
pub(crate) fn picture(addresses: &Addresses, owner: &str, url: &str) -> Result<Option<String>, Error> {
    if url.is_empty() {
        return Ok(None);
    }
    let path = url.strip_prefix(addresses.base()).unwrap_or(url);
    if let Some(name) = path.strip_prefix(&format!("/media/users/{owner}/")) {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.';
        if name.bytes().all(is_plain) && !name.contains("..") && is_of_profile(name) {
            return Ok(Some(path.to_owned()));
        }
    }
    // Whatever else is here is somebody else's.
    let is_here = url.starts_with(&addresses.media(""));
    match Url::parse(url) {
        Ok(parsed)
            if !is_here
                && parsed.scheme() == "https"
                && parsed.username().is_empty()
                && url.len() <= 2048 =>
        {
            Ok(Some(parsed.into()))
        }
        _ => invalid(
            "the address of a picture is https and has at most 2,048 bytes, or is one of your own uploads",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["a", "alice", "Al.i_ce9", &"x".repeat(32)] {
            assert!(username(good).is_ok(), "{good}");
        }
        let hex = "0".repeat(32);
        for bad in ["", ".a", "a.", "a b", "ä", "a@b", "me", "Instance", &hex, &"x".repeat(33), "a/b", "a-b"]
        {
            assert!(username(bad).is_err(), "{bad}");
        }
        assert_eq!(email(" Ann@Example.com ").unwrap(), "ann@example.com");
        for bad in ["ann", "@", "a@", "@b", "a b@c", "a@b\nc"] {
            assert!(email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn pictures() {
        let ours = Addresses::new(&Url::parse("https://here.example").unwrap());
        let own = "/media/users/u/avatar-1.png";
        assert_eq!(picture(&ours, "u", &ours.media("users/u/avatar-1.png")).unwrap().as_deref(), Some(own));
        assert_eq!(picture(&ours, "u", own).unwrap().as_deref(), Some(own));
        assert_eq!(picture(&ours, "u", "").unwrap(), None);
        assert!(picture(&ours, "u", "https://x.example/a.png").is_ok());
        for bad in [
            "http://x.example/a.png",
            "https://here.example/media/users/v/a.png",
            "javascript:alert(1)",
            "/media/users/v/a.png",
            "/media/users/u/picture-1.png",
            "/media/users/u/../v/a.png",
            "data:image/png;base64,",
            "https://me@x.example/",
            "/other",
        ] {
            assert!(picture(&ours, "u", bad).is_err(), "{bad}");
        }
    }
}
