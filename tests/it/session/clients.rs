//! Apps are registered by the operator, who sees them and never again their secrets.

use serde_json::{Value, json};

use super::Story;

impl Story<'_> {
    pub(super) async fn clients_are_made_by_the_operator(&self) {
        let listed = self.admin().get("/admin/api-clients").await.expect(200);
        let clients: Vec<(&Value, &Value)> =
            listed.as_array().unwrap().iter().map(|client| (&client["id"], &client["created_by"])).collect();
        let by = json!(self.operator.0.did);
        let ids = [json!(self.public.id), json!(self.confidential.id)];
        assert_eq!(clients, [(&ids[0], &by), (&ids[1], &by)], "newest first");
        let secret = self.confidential.app.client_secret.as_deref().unwrap();
        assert!(!listed.to_string().contains(secret));

        let twice = json!({
            "name": "again", "client_id_url": self.public.oauth.id, "client_uri": "https://again.example.com",
            "redirect_uris": ["https://again.example.com/callback"],
        });
        assert_eq!(self.admin().post("/admin/api-clients", &twice).await.status, 409);
        // Of users that are no operators the same is refused, whatever they come with.
        assert_eq!(self.phone.get("/admin/api-clients").await.status, 403);
        assert_eq!(self.phone.post("/admin/api-clients", &twice).await.status, 403);
    }
}
