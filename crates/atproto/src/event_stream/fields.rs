//! Fields of a message.

use super::FrameError;
use crate::cbor::{Item, Malformed, Reader};

/// How many fields follow.
pub(crate) fn pairs(reader: &mut Reader<'_>) -> Result<usize, FrameError> {
    match reader.item()? {
        Item::Map(pairs) => Ok(pairs),
        _ => Err(FrameError::WrongShape("it is not made of maps")),
    }
}

/// The name of the next field.
pub(crate) fn key<'b>(reader: &mut Reader<'b>) -> Result<&'b str, Malformed> {
    match reader.item()? {
        Item::Text(key) => Ok(key),
        _ => Err(Malformed("a map's key is not text")),
    }
}

/// Puts a value where none may be yet.
pub(crate) fn once<T>(place: &mut Option<T>, value: T) -> Result<(), FrameError> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(FrameError::WrongShape("a field is there twice")),
    }
}

/// What a message about the stream itself is about, under this key, and what it says to people.
pub(crate) fn told(reader: &mut Reader<'_>, about: &str) -> Result<(String, Option<String>), FrameError> {
    let [about, message] = texts(reader, [about, "message"])?;
    Ok((about.unwrap_or_default(), message))
}

/// The texts of a map under these keys. What is of another type is as good as absent.
fn texts<const N: usize>(
    reader: &mut Reader<'_>,
    names: [&str; N],
) -> Result<[Option<String>; N], FrameError> {
    let mut texts = [const { None }; N];
    for _ in 0..pairs(reader)? {
        let key = key(reader)?;
        let mut value = reader.clone();
        reader.skip()?;
        if let (Some(place), Item::Text(text)) = (names.iter().position(|name| *name == key), value.item()?) {
            once(&mut texts[place], text.to_owned())?;
        }
    }
    Ok(texts)
}
