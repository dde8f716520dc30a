//! What software a server runs and how many use it (`NodeInfo` 2.0 and 2.1).

use serde::{Deserialize, Serialize};

/// A version of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// 2.0
    V2_0,
    /// 2.1
    V2_1,
}

impl Version {
    /// As it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2_0 => "2.0",
            Self::V2_1 => "2.1",
        }
    }

    /// The address of its schema.
    #[must_use]
    pub fn schema(self) -> &'static str {
        match self {
            Self::V2_0 => "http://nodeinfo.diaspora.software/ns/schema/2.0",
            Self::V2_1 => "http://nodeinfo.diaspora.software/ns/schema/2.1",
        }
    }

    /// The type of the document.
    #[must_use]
    pub fn content_type(self) -> String {
        format!("application/json; profile=\"{}#\"", self.schema())
    }
}

/// `/.well-known/nodeinfo` of a server whose address is `base`, without a slash at its end.
#[must_use]
pub fn discovery(base: &str) -> serde_json::Value {
    let link = |version: Version| {
        let href = format!("{base}/nodeinfo/{}", version.as_str());
        serde_json::json!({ "rel": version.schema(), "href": href })
    };
    serde_json::json!({ "links": [link(Version::V2_0), link(Version::V2_1)] })
}

/// What is told of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeInfo<'n> {
    /// The name of the software, lower case.
    pub name: &'n str,
    /// Its version.
    pub version: &'n str,
    /// What this server is called.
    pub title: &'n str,
    /// A line about it.
    pub description: &'n str,
    /// Accounts; those that did something in a month, and in half a year.
    pub users: [u64; 3],
    /// Posts that were written here.
    pub local_posts: u64,
    /// Whether anybody may sign up.
    pub open_registrations: bool,
}

impl NodeInfo<'_> {
    /// As JSON with all that the schema wants.
    #[must_use]
    pub fn to_json(&self, version: Version) -> serde_json::Value {
        let [total, month, half_year] = self.users;
        serde_json::json!({
            "version": version.as_str(),
            "software": { "name": self.name, "version": self.version },
            "protocols": ["activitypub"],
            "services": { "inbound": [], "outbound": [] },
            "usage": {
                "users": { "total": total, "activeMonth": month, "activeHalfyear": half_year },
                "localPosts": self.local_posts,
            },
            "openRegistrations": self.open_registrations,
            "metadata": { "nodeName": self.title, "nodeDescription": self.description },
        })
    }
}

/// The software of another server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Software {
    /// Its name.
    pub name: String,
    /// Its version.
    #[serde(default)]
    pub version: String,
}

impl Software {
    /// Bytes of a document that is read.
    pub const MAX_BYTES: usize = 64 * 1024;

    /// Reads it from a `NodeInfo` document; each text is cut at 100 characters.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Document {
            software: Software,
        }
        let bytes = (bytes.len() <= Self::MAX_BYTES).then_some(bytes)?;
        let Document { software } = serde_json::from_slice(bytes).ok()?;
        let cut = |text: String| text.chars().filter(|c| !c.is_control()).take(100).collect();
        Some(Self { name: cut(software.name), version: cut(software.version) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_what_the_schema_wants() {
        let info = NodeInfo {
            name: "belvedere",
            version: "1.0",
            title: "Ours",
            description: "A place",
            users: [3, 2, 1],
            local_posts: 4,
            open_registrations: true,
        };
        let json = info.to_json(Version::V2_1);
        for required in
            ["version", "software", "protocols", "services", "usage", "openRegistrations", "metadata"]
        {
            assert!(json.get(required).is_some(), "{required}");
        }
        assert_eq!(json["metadata"]["nodeName"], "Ours");
        let software = Software::parse(json.to_string().as_bytes()).unwrap();
        assert_eq!((software.name.as_str(), software.version.as_str()), ("belvedere", "1.0"));
        assert_eq!(discovery("http://a")["links"][1]["href"], "http://a/nodeinfo/2.1");
        assert!(Version::V2_0.content_type().ends_with("2.0#\""));
        assert_eq!(Software::parse(b"{}"), None);
    }
}
