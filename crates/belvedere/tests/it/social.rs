//! `belvedere social`

use serde_json::json;
use testkit::databases;

use crate::place::Place;
use crate::state_of::{event_log, state_of};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_admin_is_made_on_the_command_line() {
    for database in databases().await {
        let place = Place::on(database);
        let role = |name, role| place.json(&["social", "role", name, role]);
        assert!(
            place.database.dir().is_none()
                || place.failure(&["social", "role", "ann", "admin"]).contains("no database")
        );
        let state = state_of(&place).await;
        let filled = state.write(|conn| {
            conn.batch(
                "INSERT INTO social_users (id, uuid, username, host, handle_key, created_at, updated_at) VALUES
                     (1, 'u1', 'Ann', NULL, 'ann', 0, 0), (2, 'u2', 'zoe', 'there.example', 'zoe@there.example', 0, 0),
                     (3, '00000000-0000-4000-8000-000000000000', 'instance', NULL, 'instance', 0, 0);
                 INSERT INTO social_user_counts (user_id) VALUES (1), (2), (3)",
            )
        });
        filled.await.map_err(|error: store::Error| error).unwrap();

        assert_eq!(role("@ANN", "admin"), json!({ "username": "Ann", "role": "admin", "before": "user" }));
        assert_eq!(
            role("ann", "moderator"),
            json!({ "username": "Ann", "role": "moderator", "before": "admin" })
        );
        assert!(place.text(&["social", "role", "ann", "user"]).contains("Ann is a user now"));
        for name in ["bob", "zoe@there.example", "instance"] {
            let refused = place.failure(&["social", "role", name, "admin"]);
            assert!(refused.contains(&format!("there is nobody here who is called {name}")), "{refused}");
        }
        assert_eq!(place.run(&["social", "role", "ann", "king"]).code, Some(2));
        let changed = |now, before| json!(["social.role_changed", "Ann", { "role": now, "before": before }]);
        let expected =
            [changed("admin", "user"), changed("moderator", "admin"), changed("user", "moderator")];
        assert_eq!(event_log(&place).await, expected);
    }
}
