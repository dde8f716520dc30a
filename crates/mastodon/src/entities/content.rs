//! Texts of people here as HTML.

use activitypub::text::{Segment, Target, render, scan};
use activitypub::webfinger::Handle;
use social::Addresses;
use social::thoughts::Thought;

use super::status::{Mention, StatusTag};

/// Hashtags of a text, in lower case, each once.
pub(super) fn topics(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for segment in scan(text) {
        if let Segment::Hashtag(name) = segment {
            let name = name.to_lowercase();
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// A thought of somebody here: who and what it names are links.
pub(super) fn html(thought: &Thought, tags: &[StatusTag], addresses: &Addresses) -> String {
    let people: Vec<(String, String)> = thought
        .mentions
        .iter()
        .map(|mention| {
            let actor = mention.ap_id.clone().unwrap_or_else(|| addresses.actor(&mention.uuid));
            (actor, Mention::new(mention, addresses).url)
        })
        .collect();
    let targets = thought.mentions.iter().zip(&people).filter_map(|(mention, (actor, url))| {
        let (user, host) = match mention.name.split_once('@') {
            Some((user, host)) => (user, Some(host)),
            None => (&*mention.name, None),
        };
        let at = mention.host.as_deref().unwrap_or(addresses.domain());
        let handle = Handle::new(&mention.username, at)?;
        Some(Target::Mention { user, host, handle, actor, url })
    });
    let topics = tags.iter().map(|tag| Target::Hashtag { name: &tag.name, href: &tag.url });
    render(&thought.content, &targets.chain(topics).collect::<Vec<_>>())
}
