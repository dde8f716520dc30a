//! Machines.

use serde_json::{Value, json};

use crate::site::on_each_site;

#[tokio::test(flavor = "multi_thread")]
async fn are_made_once_and_belong_to_somebody() {
    on_each_site(|site| async move {
        let (ann, bob) = (site.person().await, site.person().await);
        let mut socket = ann.socket().await;
        let new = json!({ "id": "m", "metadata": "first", "daemonState": "s" });
        let made = ann.http.post("/v1/machines", &new).await.expect(200)["machine"].clone();
        for (field, value) in [
            ("metadataVersion", json!(1)),
            ("daemonState", json!("s")),
            ("daemonStateVersion", json!(1)),
            ("active", json!(false)),
            ("dataEncryptionKey", Value::Null),
        ] {
            assert_eq!(made[field], value, "{field}");
        }
        let again = ann.http.post("/v1/machines", &json!({ "id": "m", "metadata": "second" })).await;
        assert_eq!(again.expect(200)["machine"], made);
        bob.http.post("/v1/machines", &json!({ "id": "m", "metadata": "x" })).await.expect(409);
        ann.http
            .post("/v1/machines", &json!({ "id": "n", "metadata": "x", "daemonState": null }))
            .await
            .expect(400);
        let told = socket.updates(2).await;
        assert_eq!((&told[0]["t"], &told[0]["machineId"]), (&json!("new-machine"), &json!("m")));
        assert_eq!(told[1]["metadata"], json!({ "version": 1, "value": "first" }));
        let listed = ann.http.get("/v1/machines").await.expect(200);
        assert_eq!((&listed[0]["id"], &listed[0]["seq"]), (&json!("m"), &json!(0)));
        assert_eq!(ann.http.get("/v1/machines/m").await.expect(200)["machine"]["id"], "m");
        bob.http.get("/v1/machines/m").await.expect(404);
        bob.http.delete("/v1/machines/m").await.expect(404);
        ann.http.delete("/v1/machines/m").await.expect(200);
        assert_eq!(socket.updates(3).await[2], json!({ "t": "delete-machine", "machineId": "m" }));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn say_how_they_are() {
    on_each_site(|site| async move {
        let person = site.person().await;
        person.machine("m").await;
        let mut user = person.socket().await;
        let machine = person.machine_socket("m").await;
        let second = person.machine_socket("m").await;
        user.until("ephemeral", |heard| heard["type"] == "machine-activity" && heard["active"] == true).await;
        let state = json!({ "machineId": "m", "daemonState": "up", "expectedVersion": 0 });
        let answer = machine.ask("machine-update-state", &state).await;
        assert_eq!(answer, json!({ "result": "success", "version": 1, "daemonState": "up" }));
        let answer = machine.ask("machine-update-state", &state).await;
        assert_eq!(answer, json!({ "result": "version-mismatch", "version": 1, "daemonState": "up" }));
        let unknown = json!({ "machineId": "x", "metadata": "", "expectedVersion": 0 });
        let answer = machine.ask("machine-update-metadata", &unknown).await;
        assert_eq!(answer, json!({ "result": "error", "message": "Machine not found" }));
        let null = json!({ "machineId": "m", "daemonState": null, "expectedVersion": 1 });
        let answer = machine.ask("machine-update-state", &null).await;
        assert_eq!(answer, json!({ "result": "error", "message": "Invalid parameters" }));
        assert_eq!(user.updates(1).await[0]["daemonState"], json!({ "value": "up", "version": 1 }));
        assert_eq!(person.http.get("/v1/machines/m").await.expect(200)["machine"]["active"], true);
        drop(second);
        machine.ask("ping", &Value::Null).await;
        let gone = |heard: &Value| heard["type"] == "machine-activity" && heard["active"] == false;
        drop(machine);
        user.until("ephemeral", gone).await;
        assert_eq!(
            user.heard("ephemeral").iter().filter(|heard| gone(heard)).count(),
            1,
            "with the last socket"
        );
    })
    .await;
}
