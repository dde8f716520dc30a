//! The table of routes, as the program itself prints it.

use reqwest::Method;

use crate::scene::Place;

/// A repository of the registry, which reads its paths itself.
const IMAGE: &str = "/v2/alice.test/app";

/// What stands for a parameter in a path. It is an NSID, because some parameters must be.
const PLACEHOLDER: &str = "com.example.placeholder";

/// A row of the table.
#[derive(Debug)]
pub(crate) struct Route {
    /// The app that has it.
    pub(crate) app: String,
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
    /// All there are.
    pub(crate) fn all(place: &Place) -> Vec<Self> {
        let printed = place.run(&["routes"]);
        assert_eq!(printed.code, Some(0), "{printed:?}");
        let sections = printed.stdout.split("\n## ").skip(1).map(|section| section.split_once('\n').unwrap());
        let routes = sections.flat_map(|(app, section)| {
            let rows = section.lines().filter(|line| line.contains("| `/"));
            rows.map(|row| Self::parse(app, row)).collect::<Vec<_>>()
        });
        routes.collect()
    }

    /// `| GET | /path | access | summary |`
    fn parse(app: &str, row: &str) -> Self {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [method, path, access, _] = cells[..] else { panic!("not a route: {row}") };
        let template = path.trim_matches('`').to_owned();
        let segments =
            template.split('/').map(|segment| if segment.starts_with('{') { PLACEHOLDER } else { segment });
        let path = match (&*template, method) {
            ("/v2/{*path}", "POST") => format!("{IMAGE}/blobs/uploads/"),
            ("/v2/{*path}", "PATCH") => format!("{IMAGE}/blobs/uploads/00000000-0000-4000-8000-000000000000"),
            ("/v2/{*path}", _) => format!("{IMAGE}/manifests/v1"),
            _ => segments.collect::<Vec<_>>().join("/"),
        };
        Self {
            app: app.to_owned(),
            method: method.parse().unwrap(),
            path,
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
