//! Names that the server makes: ids that sort by the time they were made, and names of events.

use std::sync::atomic::{AtomicU32, Ordering};

use clock::now_micros;

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const ALPHANUMERICS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Counts the ids of this process, so that those of one millisecond sort as they were made.
static COUNTER: AtomicU32 = AtomicU32::new(0);

/// An id of the shape that clients know (spec/sync.md §0): `c`, the milliseconds, a counter, chance; 25 characters.
pub(crate) fn new_id() -> String {
    let millis = u64::try_from(now_micros() / 1000).unwrap_or_default();
    let count = COUNTER.fetch_add(1, Ordering::Relaxed);
    let mut id = String::with_capacity(25);
    id.push('c');
    push_base36(&mut id, millis, 8);
    push_base36(&mut id, u64::from(count), 4);
    push_base36(&mut id, rand::random(), 12);
    id
}

/// The last `width` digits.
fn push_base36(text: &mut String, mut number: u64, width: usize) {
    let mut digits = [b'0'; 12];
    for digit in digits[..width].iter_mut().rev() {
        *digit = DIGITS[usize::try_from(number % 36).unwrap_or_default()];
        number /= 36;
    }
    text.extend(digits[..width].iter().map(|digit| char::from(*digit)));
}

/// Twelve letters and digits: the `id` of an event (spec/sync.md §0).
pub(crate) fn event_id() -> String {
    let mut number: u128 = rand::random();
    let mut id = String::with_capacity(12);
    for _ in 0..12 {
        id.push(char::from(ALPHANUMERICS[usize::try_from(number % 62).unwrap_or_default()]));
        number /= 62;
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_as_they_were_made() {
        let ids: Vec<String> = (0..10_000).map(|_| new_id()).collect();
        assert!(ids.iter().all(|id| id.len() == 25 && id.starts_with('c')));
        assert!(ids.is_sorted(), "within a turn of the counter");
    }

    #[test]
    fn events_have_names_of_twelve() {
        assert!(event_id().chars().all(|letter| letter.is_ascii_alphanumeric()));
        assert_eq!(event_id().len(), 12);
    }
}
