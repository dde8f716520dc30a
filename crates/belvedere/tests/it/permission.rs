//! `belvedere permission`

use testkit::TestDatabase;

use crate::place::Place;

#[test]
fn permissions_and_templates_are_listed() {
    let place = Place::on(TestDatabase::sqlite());
    let listed = place.json(&["permission", "list"]);
    assert_eq!(listed["permissions"].as_array().unwrap().len(), 46);
    assert_eq!(listed["permissions"][0]["key"], "lexicons:create");
    assert_eq!(listed["permissions"][0]["category"], "Lexicons");
    let templates = listed["templates"].as_array().unwrap();
    let sizes: Vec<_> = templates
        .iter()
        .map(|template| {
            (template["key"].as_str().unwrap(), template["permissions"].as_array().unwrap().len())
        })
        .collect();
    assert_eq!(sizes, [("viewer", 10), ("operator", 14), ("manager", 39), ("full_access", 46)]);
    let text = place.text(&["permission", "list"]);
    let line = text.lines().find(|line| line.starts_with("users:create ")).unwrap();
    assert!(line.contains("  full_access  Add users"), "{line}");
}
