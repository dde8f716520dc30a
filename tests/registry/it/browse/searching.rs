//! Finding what was pushed.

use serde_json::json;

use super::{Scene, described, names, plain};
use crate::ours::ALICE;

#[tokio::test(flavor = "multi_thread")]
async fn people_and_container_clients_find_the_same() {
    let scene = Scene::new().await;
    let said = json!({ "org.opencontainers.image.description": "Serves pages of the web" });
    scene.push("alice.test/server", &described(&["v1"], &said)).await;
    scene.push("alice.test/team/tool", &plain(&["v1"])).await;
    let search = async |q: &str| scene.read(&format!("/search?q={q}")).await;
    assert_eq!(names(&search("serv").await["repositories"]), ["alice.test/server"]);
    assert_eq!(names(&search("web").await["repositories"]), ["alice.test/server"]);
    assert_eq!(names(&search("alice.test/to").await["repositories"]), ["alice.test/team/tool"]);
    let all = search(ALICE).await;
    assert_eq!((&all["total"], &all["users"][0]["handle"]), (&json!(2), &json!(ALICE)));
    let first = scene.read("/search?q=alice.test&sort=recent&limit=1").await;
    assert_eq!(
        (names(&first["repositories"]), &first["cursor"]),
        (vec!["alice.test/team/tool"], &json!("1"))
    );
    let second = scene.read("/search?q=alice.test&sort=recent&limit=1&cursor=1").await;
    assert_eq!((names(&second["repositories"]), second.get("cursor")), (vec!["alice.test/server"], None));
    assert_eq!(search("nothing").await["total"], 0);

    let docker = scene.anybody().get("/v1/search?q=alice.test&n=1&page=2").await.expect(200);
    let hit = docker["results"][0].as_object().unwrap();
    assert_eq!(
        hit.keys().collect::<Vec<_>>(),
        ["description", "is_automated", "is_official", "name", "star_count"]
    );
    let (query, results) = (json!("alice.test"), docker["results"].as_array().unwrap().len());
    assert_eq!(
        (&docker["query"], &docker["page"], &docker["page_size"], results),
        (&query, &json!(2), &json!(1), 1)
    );
    assert_eq!((&docker["num_pages"], &docker["num_results"]), (&json!(2), &json!(2)));
    // What clients of old send is no reason to tell them nothing.
    for odd in ["?q=", "", "?q=alice.test&n=-1&page=99999999999", "?n=x"] {
        assert_eq!(scene.anybody().get(&format!("/v1/search{odd}")).await.status, 200, "{odd}");
    }
}
