//! What is to be said about a document.

/// Sentences at most: one mistake that was copied everywhere is understood by then.
const MAX: usize = 50;

/// Bytes of a path in a sentence at most.
const MAX_PATH: usize = 300;

#[derive(Debug, Default)]
pub(super) struct Findings {
    /// Where the compiler is, from the outside in.
    pub(super) path: Vec<String>,
    pub(super) warnings: Vec<String>,
    pub(super) unreadable: Option<String>,
    count: usize,
}

impl Findings {
    pub(super) fn add(&mut self, what: &str, is_unreadable: bool) {
        let mut path = self.path.join(".");
        if path.len() > MAX_PATH {
            path.truncate(path.floor_char_boundary(MAX_PATH));
            path.push('…');
        }
        let sentence = format!("`{path}` {what}");
        if is_unreadable && self.unreadable.is_none() {
            self.unreadable = Some(sentence.clone());
        }
        self.count += 1;
        if self.count <= MAX {
            self.warnings.push(sentence);
        } else if self.count == MAX + 1 {
            self.warnings.push("there is more like this, which is not listed".to_owned());
        }
    }
}
