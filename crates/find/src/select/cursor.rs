//! Where a page ended.

use data_encoding::BASE64URL_NOPAD;

use super::Arrangement;
use crate::index::Order;
use crate::place::Place;
use crate::{Direction, Error};

/// Bytes of a cursor: more than the longest place in an order.
const MAX_BYTES: usize = 4096;

/// A place among the best matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// Row ids of those among which it is: from `low` up to but not including `top`.
    pub(super) top: i64,
    pub(super) low: i64,
    pub(super) score: i64,
    pub(super) id: i64,
}

/// The place of a record that ended a page; in the order in which records were first seen it is what a list without
/// conditions has.
pub(super) fn of_place(order: &Order, direction: Direction, place: &[u8]) -> String {
    match order {
        Order::Seen => {
            let Place { created_at, id } = seen(place).unwrap_or(Place::OLDEST);
            BASE64URL_NOPAD.encode(&[created_at.to_be_bytes(), id.to_be_bytes()].concat())
        }
        Order::By(_) => BASE64URL_NOPAD.encode(&[&tag(order, direction), place].concat()),
    }
}

pub(super) fn place(order: &Order, direction: Direction, text: &str) -> Result<Vec<u8>, Error> {
    let bytes = decode(text)?;
    match order {
        Order::Seen => {
            let (created_at, id) = bytes.split_first_chunk::<8>().ok_or(Error::Cursor)?;
            let id: [u8; 8] = id.try_into().map_err(|_| Error::Cursor)?;
            Ok(of_seen(Place { created_at: i64::from_be_bytes(*created_at), id: i64::from_be_bytes(id) }))
        }
        Order::By(_) => {
            let place = bytes.strip_prefix(&tag(order, direction)).ok_or(Error::Cursor)?;
            Ok(place.to_vec())
        }
    }
}

pub(super) fn of_standing(standing: Standing) -> String {
    let Standing { top, low, score, id } = standing;
    BASE64URL_NOPAD.encode(&[top, low, score, id].map(i64::to_be_bytes).concat())
}

pub(super) fn standing(text: &str) -> Result<Standing, Error> {
    let bytes = decode(text)?;
    let numbers: Vec<i64> = bytes.as_chunks::<8>().0.iter().map(|bytes| i64::from_be_bytes(*bytes)).collect();
    match numbers[..] {
        [top, low, score, id] if bytes.len() == 32 => Ok(Standing { top, low, score, id }),
        _ => Err(Error::Cursor),
    }
}

/// The place that bytes of [`Order::Seen`] name.
pub(super) fn seen(bytes: &[u8]) -> Option<Place> {
    let integer = |bytes: [u8; 8]| (u64::from_be_bytes(bytes) ^ (1 << 63)).cast_signed();
    let (created_at, id) = bytes.split_first_chunk::<8>()?;
    Some(Place { created_at: integer(*created_at), id: integer(id.try_into().ok()?) })
}

fn of_seen(place: Place) -> Vec<u8> {
    [crate::index::integer(place.created_at), crate::index::integer(place.id)].concat()
}

/// Says of a cursor which order it belongs to.
fn tag(order: &Order, direction: Direction) -> [u8; 4] {
    let text = format!("{order} {}", direction.sql());
    // FNV-1a.
    text.bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
        .to_be_bytes()
}

fn decode(text: &str) -> Result<Vec<u8>, Error> {
    if text.len() > MAX_BYTES {
        return Err(Error::Cursor);
    }
    BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| Error::Cursor)
}

impl Arrangement {
    /// Whether a text could be a cursor of this order.
    pub(super) fn check(&self, cursor: &str) -> Result<(), Error> {
        match self {
            Self::By(order, direction) => place(order, *direction, cursor).map(drop),
            Self::Relevance => standing(cursor).map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Field;

    #[test]
    fn comes_back_as_it_went_out() {
        let by = Order::By(Field::value("a".parse().unwrap()));
        let seen = of_seen(Place { created_at: -5, id: 7 });
        for (order, bytes) in [(&Order::Seen, seen.as_slice()), (&by, &[2, 0, 255][..])] {
            let text = of_place(order, Direction::Ascending, bytes);
            assert_eq!(place(order, Direction::Ascending, &text).unwrap(), bytes);
        }
        let at = Standing { top: i64::MAX, low: i64::MIN, score: -1, id: 9 };
        assert_eq!(standing(&of_standing(at)).unwrap(), at);
    }

    #[test]
    fn a_cursor_fits_its_own_order_only() {
        let [one, other] = ["a", "b"].map(|path| Order::By(Field::value(path.parse().unwrap())));
        let cursor = of_place(&one, Direction::Ascending, b"x");
        assert!(place(&other, Direction::Ascending, &cursor).is_err());
        assert!(place(&one, Direction::Descending, &cursor).is_err());
        assert!(place(&Order::Seen, Direction::Ascending, &cursor).is_err());
        assert!(standing(&cursor).is_err());
        for text in ["", "?", "AAAA", &"A".repeat(5000)] {
            assert!(place(&Order::Seen, Direction::Descending, text).is_err(), "{text}");
            assert!(place(&one, Direction::Descending, text).is_err(), "{text}");
        }
    }
}
