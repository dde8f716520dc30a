//! `db`: what is in the record index (spec/appview.md §5.7).

use atproto::Nsid;
use find::{Backlinks, Found, Page, Query, Search, json_record};
use lua::HostError;

use super::{Answer, Arguments, ScriptHost, raw, spliced};

impl ScriptHost {
    pub(super) async fn query(&self, arguments: &Arguments) -> Answer {
        let query = Query::parse(arguments.at(0)).map_err(|error| failed(&error))?;
        page(self.find.query(query).await.map_err(|error| failed(&error))?)
    }

    pub(super) async fn backlinks(&self, arguments: &Arguments) -> Answer {
        let backlinks = Backlinks::parse(arguments.at(0)).map_err(|error| failed(&error))?;
        page(self.find.backlinks(backlinks).await.map_err(|error| failed(&error))?)
    }

    pub(super) async fn search(&self, arguments: &Arguments) -> Answer {
        let search = Search::parse(arguments.at(0)).map_err(|error| failed(&error))?;
        page(Page { records: self.find.search(search).await.map_err(|error| failed(&error))?, cursor: None })
    }

    pub(super) async fn get(&self, arguments: &Arguments) -> Answer {
        match self.find.get(arguments.text(0, "uri")?).await.map_err(|error| failed(&error))? {
            Some(found) => spliced(json_record(&found)),
            None => raw(&()),
        }
    }

    pub(super) async fn count(&self, arguments: &Arguments) -> Answer {
        let collection = arguments.text(0, "collection")?;
        let collection = Nsid::parse(collection).map_err(|error| HostError::new(error.to_string()))?;
        let did = arguments.optional_text(1, "did")?;
        raw(&self.find.count(&collection, did).await.map_err(|error| failed(&error))?)
    }
}

/// Records that are stored as JSON are put together, not taken apart.
fn page(page: Page) -> Answer {
    let records: Vec<String> = page.records.iter().map(|found: &Found| json_record(found)).collect();
    let cursor = page.cursor.map(|cursor| format!(",\"cursor\":{}", serde_json::Value::from(cursor)));
    spliced(format!("{{\"records\":[{}]{}}}", records.join(","), cursor.unwrap_or_default()))
}

fn failed(error: &find::Error) -> HostError {
    HostError::new(error.to_string())
}
