//! The parameters of a request.

use super::reply::Reply;

/// A query string, decoded.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn parse(query: &str) -> Self {
        Self(url::form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    pub(super) fn all<'q>(&'q self, name: &'q str) -> impl Iterator<Item = &'q str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A parameter that must be there.
    pub(super) fn required(&self, name: &str) -> Result<&str, Reply> {
        self.get(name)
            .ok_or_else(|| Reply::invalid(&format!("Error: Params must have the property \"{name}\"")))
    }

    /// A number in a range.
    pub(super) fn number(&self, name: &str, default: usize, most: usize) -> Result<usize, Reply> {
        let Some(text) = self.get(name) else { return Ok(default) };
        match text.parse::<usize>() {
            Ok(0) | Err(_) => Err(Reply::invalid(&format!("Error: {name} can not be less than 1"))),
            Ok(number) if number > most => {
                Err(Reply::invalid(&format!("Error: {name} can not be greater than {most}")))
            }
            Ok(number) => Ok(number),
        }
    }
}
