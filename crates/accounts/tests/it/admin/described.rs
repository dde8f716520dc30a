//! The OpenAPI document describes every route that does something.

use std::collections::HashSet;

use crate::clients::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn every_route_that_does_something_is_described_under_a_name_of_its_own() {
    on_each_site(async |site| {
        let document = site.http.get("/admin/openapi.json").await.expect(200);
        let mut names = HashSet::new();
        // Two routes are this rig's own, and those of plugins do nothing.
        let is_described = |path: &str| {
            !path.starts_with("/admin/plugins") && !["/admin/who", "/admin/lexicons"].contains(&path)
        };
        for route in
            site.routes.iter().filter(|route| route.app == "accounts" && route.path.starts_with("/admin/"))
        {
            let operation = &document["paths"][route.path][route.method.as_str().to_lowercase()];
            let name = operation["operationId"].as_str();
            assert_eq!(name.is_some(), is_described(route.path), "{} {}", route.method, route.path);
            assert!(name.is_none_or(|name| names.insert(name.to_owned())), "{name:?} is there twice");
        }
        assert!(names.len() > 45, "{} routes", names.len());
    })
    .await;
}
