//! What a file says about itself: its trigger by its name, its description in its first line.

use crate::Trigger;

/// The end of the names of scripts.
const ENDING: &str = ".lua";

/// What is said of a name that stands for no trigger.
const RULE: &str = "a script's file is called like its trigger with `.` in place of `:`, such as record.index.com.example.note.lua";

/// Whether a file of this name is meant to be a script. Editors hide what they have not finished behind a dot in front.
pub(super) fn is_script(name: &str) -> bool {
    name.ends_with(ENDING) && !name.starts_with('.')
}

/// The trigger that the name stands for: the first two parts of every trigger are words of their own, so a `.` can stand
/// in place of the `:`, which is no character of a name on every file system.
pub(super) fn trigger(name: &str) -> Result<Trigger, String> {
    let stem = name.strip_suffix(ENDING).unwrap_or(name);
    let second = stem.match_indices('.').nth(1).map(|(at, _)| at).ok_or(RULE)?;
    let id = format!("{}:{}", &stem[..second], &stem[second + 1..]);
    let trigger: Trigger = id.parse().map_err(|error| format!("{error}; {RULE}"))?;
    // Of two names of one trigger, only one may count.
    let expected = format!("{}{ENDING}", trigger.to_string().replacen(':', ".", 1));
    if expected == name { Ok(trigger) } else { Err(format!("it must be called {expected}")) }
}

/// What the script is for: `-- description: …` in its first line.
pub(super) fn description(body: &str) -> Option<String> {
    let comment = body.lines().next()?.trim().strip_prefix("--")?.trim_start();
    let text = comment.strip_prefix("description:")?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trigger_has_one_name() {
        for (name, id) in [
            ("record.index.com.example.note.lua", "record.index:com.example.note"),
            ("xrpc.query.com.example.getNotes.lua", "xrpc.query:com.example.getNotes"),
            ("labeler.apply._actor.lua", "labeler.apply:_actor"),
            ("job.run.send-mail.v2.lua", "job.run:send-mail.v2"),
        ] {
            assert_eq!(trigger(name).map(|trigger| trigger.to_string()).as_deref(), Ok(id));
        }
        for (name, reason) in [
            ("notes.lua", "in place of `:`"),
            ("record.index:com.example.note.lua", "such as record.index"),
            ("record.upsert.com.example.note.lua", "begins with none of"),
            ("record.index.COM.example.note.lua", "must be called record.index.com.example.note.lua"),
        ] {
            let error = trigger(name).unwrap_err();
            assert!(error.contains(reason), "{name}: {error}");
        }
    }

    #[test]
    fn the_first_line_may_describe() {
        assert_eq!(description("-- description:  slugs \r\nx"), Some("slugs".to_owned()));
        assert_eq!(description("--description: a"), Some("a".to_owned()));
        for none in ["", "x", "-- description:", "\n-- description: late", "-- about: this"] {
            assert_eq!(description(none), None, "{none:?}");
        }
    }

    #[test]
    fn what_editors_leave_behind_is_no_script() {
        assert!(is_script("a.lua"));
        for other in [".a.lua", "a.lua~", "a.lua.swp", "#a.lua#", "4913"] {
            assert!(!is_script(other), "{other}");
        }
    }
}
