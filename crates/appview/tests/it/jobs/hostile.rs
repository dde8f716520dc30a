//! Jobs that do not want to end, or to leave room for others.

use super::on_each_rig;

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_listen_is_cut_off() {
    on_each_rig(|rig| async move {
        for (number, body) in [
            "function handle() while true do end end",
            "function handle() while true do pcall(function() while true do end end) end end",
            "function handle() while true do pcall(job.should_stop) end end",
            "function handle() while true do log('x') end end",
            "function handle() while true do job.progress{} end end",
        ]
        .into_iter()
        .enumerate()
        {
            let id = rig.run(&format!("deaf-{number}"), body).await;
            rig.becomes(&id, "running").await;
            let (what, then) = if number % 2 == 0 { ("cancel", "cancelled") } else { ("pause", "paused") };
            rig.tell(&id, what).await;
            let ended = rig.becomes(&id, then).await;
            assert!(ended["error"].as_str().unwrap().contains("cut off"), "{body}: {ended}");
        }
        // Its thread is free again: there are two, and five did not want to end.
        let id = rig.run("good", "function handle() return 1 end").await;
        rig.becomes(&id, "completed").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_has_an_end() {
    on_each_rig(|rig| async move {
        let id = rig
            .run("loud", "function handle() while not job.should_stop() do log(('x'):rep(10000)) end end")
            .await;
        rig.until(&id, "at work", |job| job["status"] == "running").await;
        let last = async || {
            let page = rig.server.admin.get(&format!("/admin/jobs/{id}/logs?limit=1")).await.expect(200);
            page["logs"][0]["line"].as_i64().unwrap_or(0)
        };
        // The first line that is there is no more the first that was written.
        rig.server.eventually("old lines go", async || last().await > 1).await;
        rig.tell(&id, "cancel").await;
        rig.becomes(&id, "cancelled").await;
        let first = last().await;
        let rest = format!("/admin/jobs/{id}/logs?cursor={}", first + 998);
        let rest = rig.server.admin.get(&rest).await.expect(200)["logs"].take();
        assert_eq!(rest.as_array().unwrap().len(), 1, "a thousand lines are kept");
        assert_eq!(rest[0]["message"].as_str().unwrap().len(), 4 << 10);
    })
    .await;
}
