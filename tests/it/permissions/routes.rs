//! The table of routes, as the program itself prints it.

use reqwest::Method;

use crate::scene::Place;

/// What stands for a parameter in a path. It is an NSID, because some parameters must be.
const PLACEHOLDER: &str = "com.example.placeholder";

/// A row of the table.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) method: Method,
    /// With a placeholder for each parameter.
    pub(crate) path: String,
    /// With the names of the parameters.
    pub(crate) template: String,
    pub(crate) access: Access,
}

/// Who may call it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Public,
    Delegated,
    Authenticated,
    Permissions(Vec<String>),
}

impl Route {
    /// All there are but those of the relay, which is not switched on and has accounts of its own: its own tests have a
    /// matrix.
    pub(crate) fn all(place: &Place) -> Vec<Self> {
        let printed = place.run(&["routes"]);
        assert_eq!(printed.code, Some(0), "{printed:?}");
        let served = printed.stdout.split("\n## ").filter(|section| !section.starts_with("sync\n"));
        let rows = served.flat_map(str::lines).filter(|line| line.contains("| `/"));
        rows.map(Self::parse).collect()
    }

    /// `| GET | /path | access | summary |`
    fn parse(row: &str) -> Self {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [method, path, access, _] = cells[..] else { panic!("not a route: {row}") };
        let template = path.trim_matches('`').to_owned();
        let segments =
            template.split('/').map(|segment| if segment.starts_with('{') { PLACEHOLDER } else { segment });
        Self {
            method: method.parse().unwrap(),
            path: segments.collect::<Vec<_>>().join("/"),
            access: Access::parse(access),
            template,
        }
    }
}

impl Route {
    /// What a caller must hold, if it is that.
    pub(crate) fn permissions(&self) -> Option<&Vec<String>> {
        match &self.access {
            Access::Permissions(needed) => Some(needed),
            Access::Public | Access::Delegated | Access::Authenticated => None,
        }
    }
}

impl Access {
    fn parse(cell: &str) -> Self {
        match cell {
            "public" => Self::Public,
            "decided by the handler" => Self::Delegated,
            "authenticated" => Self::Authenticated,
            list => {
                let names: Vec<String> = list.split(" and ").map(str::to_owned).collect();
                assert!(names.iter().all(|name| name.contains(':')), "permissions: {list}");
                Self::Permissions(names)
            }
        }
    }
}
