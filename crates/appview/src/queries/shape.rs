//! What a query lexicon declares.

use std::fmt;

use atproto::Nsid;
use find::index::Order;
use find::{Arrangement, Direction, MAX_FIELDS, Path};
use serde_json::{Map, Value};

use super::schema::{self, Kind, Known, Lexicons};
use crate::catalogue::LoadedLexicon;

/// Parameters that every query has and no lexicon can give another meaning.
const BUILT_IN: [&str; 4] = ["limit", "cursor", "did", "uri"];

/// Where a lexicon says what a name cannot say.
const EXTENSION: &str = "x-belvedere";

/// Ends of names that make a parameter one end of a range.
const ENDS: [(&str, Side); 4] =
    [("Min", Side::AtLeast), ("Max", Side::AtMost), ("After", Side::Above), ("Before", Side::Below)];

/// What a query asks about the records of its collection.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// Of the records.
    pub(super) collection: Nsid,
    pub(super) filters: Vec<Filter>,
    pub(super) sort: Option<Sort>,
    pub(super) words: Option<Text>,
    /// Parameters that look like conditions and are none, each with the reason.
    pub(super) ignored: Vec<(String, String)>,
}

/// A parameter that is a condition.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    pub(super) name: String,
    pub(super) known: Known,
    pub(super) side: Option<Side>,
    /// Several values may be given, of which one is enough.
    pub(super) several: bool,
    pub(super) required: bool,
    pub(super) default: Option<Value>,
}

/// Which end of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    AtLeast,
    AtMost,
    Above,
    Below,
}

/// The parameter `sort`.
#[derive(Clone, Debug)]
pub(super) struct Sort {
    /// What may be said.
    pub(super) choices: Vec<(String, Arrangement)>,
    /// What counts if nothing is said.
    pub(super) default: Option<Arrangement>,
    /// The parameter `order`, if there is one.
    pub(super) turn: Option<Turn>,
}

/// The parameter `order`: which way the order runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    /// What it is unless somebody says otherwise.
    pub(super) default: Option<Direction>,
}

/// The parameter that has words.
#[derive(Clone, Debug)]
pub(super) struct Text {
    pub(super) name: String,
    pub(super) fields: Vec<Path>,
}

impl Shape {
    /// `None` for a query whose parameters name nothing.
    pub(crate) fn of(query: &LoadedLexicon, lexicons: &Lexicons) -> Option<Self> {
        let collection = query.target_collection()?;
        let record = lexicons.get(collection).filter(|lexicon| lexicon.is_record())?;
        let parameters = query.lexicon().parameters()?;
        let mut shape = Self {
            collection: collection.clone(),
            filters: Vec::new(),
            sort: None,
            words: None,
            ignored: Vec::new(),
        };
        let required = required(query);
        for (name, schema) in parameters.iter().filter(|(name, _)| !BUILT_IN.contains(&name.as_str())) {
            if let Err(reason) =
                shape.add(name, schema, required.contains(&name.as_str()), (record, lexicons))
            {
                shape.ignored.push((name.clone(), reason));
            }
        }
        shape.sort = sort(parameters, record, lexicons);
        let is_empty = shape.filters.is_empty() && shape.sort.is_none() && shape.words.is_none();
        (!is_empty || !shape.ignored.is_empty()).then_some(shape)
    }

    fn add(
        &mut self,
        name: &str,
        schema: &Value,
        required: bool,
        (record, lexicons): (&LoadedLexicon, &Lexicons),
    ) -> Result<(), String> {
        let said = schema.get(EXTENSION);
        let field = |path: &str| schema::field(record, path, lexicons);
        let (known, side) = match said.and_then(|said| said.get("field")).and_then(Value::as_str) {
            Some(path) => {
                let known = field(path).ok_or_else(|| format!("{path} is no field that can be compared"))?;
                (known, side(said.and_then(|said| said.get("test")))?)
            }
            None => match field(name) {
                Some(known) => (known, None),
                None if schema["type"] == "string" && (name == "q" || name == "search" || said.is_some()) => {
                    return self.add_words(name, said, record);
                }
                None => {
                    match ENDS.iter().find_map(|(end, side)| Some((field(name.strip_suffix(end)?)?, *side))) {
                        Some((known, side)) => (known, Some(side)),
                        // Another parameter, for a script or for nothing.
                        None => return Ok(()),
                    }
                }
            },
        };
        let several = schema["type"] == "array";
        let kind = if several { &schema["items"]["type"] } else { &schema["type"] };
        let expected = known.kind.of_parameter();
        if kind != expected {
            return Err(format!("it is {kind}, and {} is {expected}", known.field.path));
        }
        if side.is_some() && (several || known.is_list() || known.kind == Kind::Boolean) {
            return Err(format!("{} has no range", known.field.path));
        }
        let default = schema.get("default").cloned();
        self.filters.push(Filter { name: name.to_owned(), known, side, several, required, default });
        Ok(())
    }

    fn add_words(&mut self, name: &str, said: Option<&Value>, record: &LoadedLexicon) -> Result<(), String> {
        if self.words.is_some() {
            return Err("there is another parameter for words".to_owned());
        }
        let said = said.and_then(|said| said.get("fields")).and_then(Value::as_array);
        let names: Vec<String> = match said {
            Some(names) => names.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            None => schema::texts(record),
        };
        let fields: Vec<Path> = names.iter().filter_map(|name| name.parse().ok()).take(MAX_FIELDS).collect();
        if fields.is_empty() {
            return Err("there is no field with texts".to_owned());
        }
        self.words = Some(Text { name: name.to_owned(), fields });
        Ok(())
    }
}

impl Shape {
    /// That of a query that names nothing.
    pub(crate) fn none(collection: &Nsid) -> Self {
        let collection = collection.clone();
        Self { collection, filters: Vec::new(), sort: None, words: None, ignored: Vec::new() }
    }

    /// What its parameters mean, each with its name.
    pub(super) fn described(&self) -> Vec<(String, String)> {
        let filters = self.filters.iter().map(|filter| (filter.name.clone(), filter.to_string()));
        let sort = self.sort.iter().map(|sort| {
            let words: Vec<&str> = sort.choices.iter().map(|(word, _)| word.as_str()).collect();
            ("sort".to_owned(), format!("the order, one of {}", words.join(", ")))
        });
        let order = self.sort.iter().filter(|sort| sort.turn.is_some());
        let order = order.map(|_| ("order".to_owned(), "which way the order runs".to_owned()));
        let words = self.words.iter().map(|text| {
            let fields: Vec<String> = text.fields.iter().map(Path::to_string).collect();
            (text.name.clone(), format!("words in {}", fields.join(", ")))
        });
        let ignored = self.ignored.iter().map(|(name, reason)| (name.clone(), format!("nothing: {reason}")));
        filters.chain(sort).chain(order).chain(words).chain(ignored).collect()
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.side {
            None if self.several => "is any of the values",
            None => "is the value",
            Some(Side::AtLeast) => "is at least the value",
            Some(Side::AtMost) => "is at most the value",
            Some(Side::Above) => "comes after the value",
            Some(Side::Below) => "comes before the value",
        };
        write!(f, "{} {sign}", self.known.field)
    }
}

fn required(query: &LoadedLexicon) -> Vec<&str> {
    let list = query.lexicon().main().and_then(|main| main.get("parameters")?.get("required")?.as_array());
    list.into_iter().flatten().filter_map(Value::as_str).collect()
}

fn side(test: Option<&Value>) -> Result<Option<Side>, String> {
    Ok(Some(match test.map(|test| test.as_str().unwrap_or_default()) {
        None | Some("is") => return Ok(None),
        Some("min") => Side::AtLeast,
        Some("max") => Side::AtMost,
        Some("after") => Side::Above,
        Some("before") => Side::Below,
        Some(_) => return Err("test is one of is, min, max, after and before".to_owned()),
    }))
}

/// `sort`, if it says what it may be, and all of that is an order.
fn sort(parameters: &Map<String, Value>, record: &LoadedLexicon, lexicons: &Lexicons) -> Option<Sort> {
    let schema = parameters.get("sort").filter(|schema| schema["type"] == "string")?;
    let words = schema.get("enum").or_else(|| schema.get("knownValues"))?.as_array()?;
    let choice = |word: &Value| {
        let word = word.as_str()?;
        Some((word.to_owned(), arrangement(word, record, lexicons)?))
    };
    let choices: Vec<(String, Arrangement)> = words.iter().map(choice).collect::<Option<_>>()?;
    let default = schema["default"].as_str();
    let default = choices.iter().find(|(word, _)| Some(word.as_str()) == default);
    let order = parameters.get("order").filter(|schema| schema["type"] == "string");
    Some(Sort {
        default: default.map(|(_, arrangement)| arrangement.clone()),
        turn: order.map(|schema| Turn { default: schema["default"].as_str().and_then(direction) }),
        choices,
    })
}

fn arrangement(word: &str, record: &LoadedLexicon, lexicons: &Lexicons) -> Option<Arrangement> {
    let (name, direction) = match word.strip_prefix('-') {
        Some(name) => (name, Direction::Descending),
        None => (word, Direction::Ascending),
    };
    Some(match schema::field(record, name, lexicons) {
        Some(known) if !known.is_list() => Arrangement::By(Order::By(known.field), direction),
        Some(_) => return None,
        None => match word {
            "newest" => Arrangement::By(Order::Seen, Direction::Descending),
            "oldest" => Arrangement::By(Order::Seen, Direction::Ascending),
            "relevance" => Arrangement::Relevance,
            _ => return None,
        },
    })
}

/// The direction with this name.
pub(super) fn direction(word: &str) -> Option<Direction> {
    match word {
        "asc" => Some(Direction::Ascending),
        "desc" => Some(Direction::Descending),
        _ => None,
    }
}
