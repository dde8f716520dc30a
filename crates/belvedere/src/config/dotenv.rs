//! Reads `.env`: lines of `NAME=value`, as shells and compose files write them.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::Path;

use super::error::Error;

/// The variables in the file, none if there is no file.
pub(super) fn read(path: &Path) -> Result<HashMap<String, String>, Error> {
    let wrong = |problem: String| Error::File { path: path.to_owned(), problem };
    match std::fs::read_to_string(path) {
        Ok(text) => parse(&text).map_err(wrong),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(HashMap::new()),
        Err(error) => Err(wrong(error.to_string())),
    }
}

fn parse(text: &str) -> Result<HashMap<String, String>, String> {
    let mut variables = HashMap::new();
    for (number, line) in text.lines().enumerate().map(|(index, line)| (index + 1, line.trim())) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let assignment = line.strip_prefix("export ").unwrap_or(line);
        let (name, rest) =
            assignment.split_once('=').ok_or_else(|| format!("line {number}: expected NAME=value"))?;
        let value = value(rest.trim()).ok_or_else(|| format!("line {number}: the quote is not closed"))?;
        variables.insert(name.trim().to_owned(), value);
    }
    Ok(variables)
}

/// The text of a value: quotes end it, without quotes ` #` begins a comment. Nothing if a quote stays open.
fn value(text: &str) -> Option<String> {
    if let Some(quoted) = text.strip_prefix('\'') {
        return quoted.split_once('\'').map(|(inside, _)| inside.to_owned());
    }
    if let Some(quoted) = text.strip_prefix('"') {
        return double_quoted(quoted);
    }
    let end = text.find(" #").unwrap_or(text.len());
    Some(text[..end].trim_end().to_owned())
}

fn double_quoted(text: &str) -> Option<String> {
    let mut value = String::new();
    let mut characters = text.chars();
    loop {
        match characters.next()? {
            '"' => return Some(value),
            '\\' => match characters.next()? {
                'n' => value.push('\n'),
                other => value.push(other),
            },
            other => value.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_every_kind() {
        let text = "# comment\n\nexport A=1\nB = two words # why\nC='a # b'\nD=\"x\\\"y\\nz\"\nE=\nF=a=b#c\n";
        let variables = parse(text).unwrap();
        let expected =
            [("A", "1"), ("B", "two words"), ("C", "a # b"), ("D", "x\"y\nz"), ("E", ""), ("F", "a=b#c")];
        assert_eq!(variables, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    }

    #[test]
    fn the_line_of_a_mistake_is_named() {
        assert_eq!(parse("A=1\nB").unwrap_err(), "line 2: expected NAME=value");
        assert_eq!(parse("A='x").unwrap_err(), "line 1: the quote is not closed");
    }
}
