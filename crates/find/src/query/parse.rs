//! Reading queries from JSON.

use serde_json::Value;

use super::{DEFAULT_LIMIT, Direction, Query, Sort};
use crate::arguments::Arguments;
use crate::error::excerpt;
use crate::{Error, Filter};

/// Deepest place that can be reached without a cursor: what is left out has to be looked at.
const MAX_OFFSET: u32 = 10_000;

pub(super) fn query(json: &Value) -> Result<Query, Error> {
    let arguments = Arguments::of(json)?;
    Ok(Query {
        collection: arguments.collection()?,
        did: arguments.text("did")?,
        limit: arguments.limit(DEFAULT_LIMIT)?,
        cursor: arguments.text("cursor")?,
        offset: offset(&arguments)?,
        sort: sort(&arguments)?,
        direction: direction(&arguments)?,
        filter: arguments.get("filter").map(Filter::parse).transpose()?,
    })
}

fn offset(arguments: &Arguments<'_>) -> Result<u32, Error> {
    let offset = arguments.integer("offset")?.unwrap_or_default();
    let bounded = u32::try_from(offset).ok().filter(|offset| *offset <= MAX_OFFSET);
    bounded.ok_or(Error::Argument {
        name: "offset",
        expected: "between 0 and 10000; use cursor to go on from there",
    })
}

fn sort(arguments: &Arguments<'_>) -> Result<Option<Sort>, Error> {
    let Some(name) = arguments.text("sort")? else { return Ok(None) };
    Ok(Some(match name.as_str() {
        "indexed_at" => Sort::IndexedAt,
        "did" => Sort::Did,
        "uri" => Sort::Uri,
        path => Sort::Path(path.parse().map_err(|_| Error::SortField(excerpt(path)))?),
    }))
}

fn direction(arguments: &Arguments<'_>) -> Result<Direction, Error> {
    let name = "sortDirection";
    match arguments.text(name)?.map(|word| word.to_ascii_lowercase()).as_deref() {
        Some("asc") => Ok(Direction::Ascending),
        None | Some("desc") => Ok(Direction::Descending),
        Some(_) => Err(Error::Argument { name, expected: "\"asc\" or \"desc\"" }),
    }
}

#[cfg(test)]
mod tests {
    use atproto::Nsid;
    use serde_json::json;

    use super::*;

    fn refusal(json: &Value) -> String {
        Query::parse(json).unwrap_err().to_string()
    }

    #[test]
    fn a_collection_is_enough() {
        let collection = Nsid::parse("com.example.note").unwrap();
        let nulls = json!({"collection": "com.example.note", "did": null, "limit": null, "filter": null});
        for json in [json!({"collection": "com.example.note"}), nulls] {
            assert_eq!(Query::parse(&json).unwrap(), Query::new(collection.clone()));
        }
    }

    #[test]
    fn every_field_counts() {
        let query = Query::parse(&json!({
            "collection": "com.example.note", "did": "did:web:a", "limit": 5, "cursor": "abc", "offset": 7,
            "sort": "a.b", "sortDirection": "ASC", "filter": {"field": "a", "value": true},
        }))
        .unwrap();
        assert_eq!((query.did.as_deref(), query.limit, query.offset), (Some("did:web:a"), 5, 7));
        assert_eq!((query.cursor.as_deref(), query.direction), (Some("abc"), Direction::Ascending));
        assert_eq!(query.sort.map(|sort| sort.to_string()).as_deref(), Some("a.b"));
        assert!(query.filter.is_some());
    }

    #[test]
    fn limits_are_brought_into_bounds() {
        for (limit, expected) in [
            (json!(0), 1),
            (json!(-5), 1),
            (json!(1000), 100),
            (json!(1e300), 100),
            (json!(7.0), 7),
            (json!("12"), 12),
            (json!(u64::MAX), 100),
        ] {
            let query = Query::parse(&json!({"collection": "com.example.note", "limit": limit})).unwrap();
            assert_eq!(query.limit, expected, "{limit}");
        }
    }

    #[test]
    fn what_is_wrong_is_said() {
        let with = |name: &str, value: Value| {
            let mut json = json!({"collection": "com.example.note"});
            json[name] = value;
            json
        };
        for (json, begins) in [
            (json!(1), "the argument must be"),
            (json!({}), "collection must be an NSID"),
            (with("collection", json!("note")), "collection must be an NSID"),
            (with("did", json!(1)), "did must be a string"),
            (with("limit", json!(1.5)), "limit must be an integer"),
            (with("limit", json!({})), "limit must be an integer"),
            (with("offset", json!(-1)), "offset must be between"),
            (with("offset", json!(10_001)), "offset must be between"),
            (with("sort", json!("a b")), "invalid sort field \"a b\""),
            (with("sortDirection", json!("up")), "sortDirection must be \"asc\" or \"desc\""),
            (with("filter", json!([])), "filter group is empty"),
        ] {
            assert!(refusal(&json).starts_with(begins), "{json}: {}", refusal(&json));
        }
    }
}
