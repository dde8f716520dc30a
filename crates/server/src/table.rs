//! The table of all routes: what `docs/routes.md` and the permission tests read.

use std::fmt::Write;

use http::Method;

use crate::{Access, Route};

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteInfo {
    /// The method; `GET` stands for `HEAD` too.
    pub method: Method,
    /// The path with its parameters, e.g. `/admin/lexicons/{id}`.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// The app that serves it.
    pub app: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
}

impl RouteInfo {
    pub(crate) fn new(app: &'static str, route: &Route) -> Self {
        let Route { method, path, access, summary, .. } = route;
        Self { method: method.clone(), path, access: *access, app, summary }
    }
}

/// Renders the table as Markdown, by app, then by path.
pub(crate) fn markdown(routes: &[RouteInfo]) -> String {
    let mut rows: Vec<&RouteInfo> = routes.iter().collect();
    rows.sort_by_key(|row| (row.app, row.path, row.method.as_str()));
    let mut text = String::from("# Routes\n\nGenerated from the route table. `GET` also answers `HEAD`.\n");
    let mut app = "";
    for row in rows {
        if row.app != app {
            app = row.app;
            let _ =
                write!(text, "\n## {app}\n\n| Method | Path | Access | What it does |\n|---|---|---|---|\n");
        }
        let _ = writeln!(text, "| {} | `{}` | {} | {} |", row.method, row.path, row.access, row.summary);
    }
    text
}
