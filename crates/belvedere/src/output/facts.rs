//! One thing, shown as a list of what is known of it.

use std::fmt;

/// A fact a line, the values below each other.
#[derive(Debug, Default)]
pub(crate) struct Facts(Vec<(&'static str, String)>);

impl Facts {
    /// Adds a fact.
    pub(crate) fn fact(mut self, label: &'static str, value: impl fmt::Display) -> Self {
        self.0.push((label, value.to_string().replace(char::is_control, " ")));
        self
    }

    /// Adds a fact with a line for each of its values, or a word that there are none.
    pub(crate) fn list<T: fmt::Display>(
        self,
        label: &'static str,
        values: impl IntoIterator<Item = T>,
        none: &str,
    ) -> Self {
        let before = self.0.len();
        let labels = std::iter::once(label).chain(std::iter::repeat(""));
        let facts =
            values.into_iter().zip(labels).fold(self, |facts, (value, label)| facts.fact(label, value));
        if facts.0.len() == before { facts.fact(label, none) } else { facts }
    }
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.iter().map(|(label, _)| label.len()).max().unwrap_or_default();
        self.0.iter().try_for_each(|(label, value)| writeln!(f, "{label:<width$}  {value}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_aligned_and_control_characters_gone() {
        let facts = Facts::default()
            .fact("id", 7)
            .list("scopes", ["a", "b\x1b[2J"], "none")
            .list("origins", [""; 0], "any");
        assert_eq!(facts.to_string(), "id       7\nscopes   a\n         b [2J\norigins  any\n");
    }
}
