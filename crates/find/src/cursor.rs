//! Where a page ended, as text for whoever asks for the next one.

use data_encoding::{BASE64, BASE64URL_NOPAD};
use serde::Serialize;
use serde_json::Number;

use crate::key::{Key, class};
use crate::place::Place;
use crate::{Error, Sort};

/// Where a page of a sorted query begins.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Start {
    /// After the record with this key.
    After(Key),
    /// After so many records: how another server counts pages, so that scripts may have such cursors.
    Offset(u32),
}

/// The content of a cursor of a sorted query; the sort is there so that the cursor fits no other.
type Sorted = (String, i64, Number, String, String, String);

/// The cursor of a page in order of time.
pub(crate) fn of_place(place: Place) -> String {
    encode(&(place.created_at, place.id))
}

/// The cursor of a page of a sorted query.
pub(crate) fn of_key(sort: &Sort, key: &Key) -> String {
    encode(&(sort.to_string(), key.class, &key.number, &key.text, &key.author, &key.rkey))
}

pub(crate) fn place(text: &str) -> Result<Place, Error> {
    let (created_at, id) = serde_json::from_slice(&decode(text)?).map_err(|_| Error::Cursor)?;
    Ok(Place { created_at, id })
}

pub(crate) fn start(text: &str, sort: &Sort) -> Result<Start, Error> {
    let bytes = decode(text)?;
    if let Some(offset) = str::from_utf8(&bytes).ok().and_then(|digits| digits.parse().ok()) {
        return Ok(Start::Offset(offset));
    }
    let (name, class, number, text, author, rkey): Sorted =
        serde_json::from_slice(&bytes).map_err(|_| Error::Cursor)?;
    let is_ours = name == sort.to_string()
        && (class::WITHOUT_ORDER..=class::TEXT).contains(&class)
        && [&text, &author, &rkey].iter().all(|text| !text.contains('\0'));
    if !is_ours {
        return Err(Error::Cursor);
    }
    Ok(Start::After(Key { class, number, text, author, rkey }))
}

fn encode(content: &impl Serialize) -> String {
    // Numbers and strings always have a JSON form.
    BASE64URL_NOPAD.encode(&serde_json::to_vec(content).unwrap_or_default())
}

fn decode(text: &str) -> Result<Vec<u8>, Error> {
    let text = text.as_bytes();
    BASE64URL_NOPAD.decode(text).or_else(|_| BASE64.decode(text)).map_err(|_| Error::Cursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        let (author, rkey) = ("did:web:a/".to_owned(), "b".to_owned());
        Key {
            class: class::NUMBER, number: Number::from_f64(0.1).unwrap(), text: "é\"".into(), author, rkey
        }
    }

    #[test]
    fn comes_back_as_it_went_out() {
        let at = Place { created_at: -1, id: i64::MAX };
        assert_eq!(place(&of_place(at)).unwrap(), at);
        let sort = Sort::Path("a.b".parse().unwrap());
        assert_eq!(start(&of_key(&sort, &key()), &sort).unwrap(), Start::After(key()));
    }

    #[test]
    fn counted_pages_are_understood() {
        for cursor in ["MjA=", "MjA"] {
            assert_eq!(start(cursor, &Sort::Uri).unwrap(), Start::Offset(20));
        }
    }

    #[test]
    fn nothing_else_is_accepted() {
        let nul = Key { text: "\0".into(), ..key() };
        let unknown = Key { class: 1 << 40, ..key() };
        let of_time = of_place(Place { created_at: 1, id: 2 });
        for cursor in [
            "",
            "?",
            "LTE",
            &of_key(&Sort::Did, &key()),
            &of_key(&Sort::Uri, &nul),
            &of_key(&Sort::Uri, &unknown),
            &of_time,
        ] {
            assert!(matches!(start(cursor, &Sort::Uri), Err(Error::Cursor)), "{cursor:?}");
        }
        for cursor in ["", "?", "MjA=", &of_key(&Sort::Uri, &key())] {
            assert!(matches!(place(cursor), Err(Error::Cursor)), "{cursor:?}");
        }
    }
}
