//! What lets a device into one conversation.

use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;

/// As ElevenLabs gives it. Nothing of it is verified: it is for whoever made it.
#[derive(Deserialize)]
pub(super) struct Ticket {
    /// A token of the room in which the conversation takes place.
    pub(super) token: String,
    #[serde(default)]
    conversation_id: Option<String>,
}

#[derive(Deserialize)]
struct Claims {
    video: Video,
}

#[derive(Deserialize)]
struct Video {
    room: String,
}

impl Ticket {
    /// The conversation it is for: told beside the token, or in the room's name, which the token says.
    pub(super) fn conversation(&self) -> Option<String> {
        self.conversation_id.as_deref().and_then(id_in).or_else(|| id_in(&room(&self.token)?))
    }
}

/// The name of the room in a JSON Web Token.
fn room(token: &str) -> Option<String> {
    let claims = token.split('.').nth(1)?.trim_end_matches('=');
    let claims = BASE64URL_NOPAD.decode(claims.as_bytes()).ok()?;
    Some(serde_json::from_slice::<Claims>(&claims).ok()?.video.room)
}

/// `conv_` with the letters and digits after it, wherever that is in a text.
fn id_in(text: &str) -> Option<String> {
    let from = text.find("conv_")?;
    let rest = &text[from + "conv_".len()..];
    let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(rest.len());
    (1..=100).contains(&end).then(|| format!("conv_{}", &rest[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversation(room: &str, told: Option<&str>) -> Option<String> {
        let claims = format!(r#"{{"video":{{"room":"{room}"}}}}"#);
        let token = format!("e30.{}.c2ln", BASE64URL_NOPAD.encode(claims.as_bytes()));
        Ticket { token, conversation_id: told.map(str::to_owned) }.conversation()
    }

    #[test]
    fn the_conversation_is_told_or_in_the_name_of_the_room() {
        assert_eq!(conversation("room_agent_1_conv_Ab9_x", None).as_deref(), Some("conv_Ab9"));
        assert_eq!(conversation("room", Some("conv_z")).as_deref(), Some("conv_z"));
        assert_eq!(conversation("conv_y", Some("strange")).as_deref(), Some("conv_y"));
        for room in ["", "conv_", "conv_-", "room", &format!("conv_{}", "a".repeat(101))] {
            assert_eq!(conversation(room, None), None, "{room}");
        }
        for token in ["", ".", "a.b.c", "e30.e30.c", "e30.!.c"] {
            assert_eq!(
                Ticket { token: token.to_owned(), conversation_id: None }.conversation(),
                None,
                "{token}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn no_token_is_too_strange(token in "\\PC{0,80}", id in proptest::option::of("\\PC{0,40}")) {
            let found = Ticket { token, conversation_id: id }.conversation();
            proptest::prop_assert!(found.is_none_or(|id| id.starts_with("conv_") && id.is_ascii()));
        }
    }
}
