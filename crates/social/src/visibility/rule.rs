//! The one rule of who sees which thought (spec/social.md §6.3, §6.4), as a condition of SQL.
//!
//! A viewer is a row of `social_users` or nobody; those elsewhere are asked about in the same way, because their follows are in the
//! same table. The thought's alias is `t`. Viewers and moments are numbers, or the parameters that stand for them: a statement whose text is always
//! the same is prepared once.

use std::fmt::Display;

/// Whoever comes across a thought may see it: by its address, in a thread, when they want to answer it.
///
/// Whom its author blocks is shown what anybody is shown who has not signed in.
pub(crate) fn sees(viewer: Option<impl Display>) -> String {
    let open = "t.visibility IN ('public', 'unlisted')";
    let there = "NOT EXISTS (SELECT 1 FROM social_users x WHERE x.id = t.user_id
        AND (x.suspended_at IS NOT NULL OR x.deleted_at IS NOT NULL))";
    let Some(viewer) = viewer else { return format!("({open} AND {there})") };
    let unless = if faults::mutant!("social-blocked-sees") { "TRUE OR" } else { "NOT" };
    let follows =
        if faults::mutant!("social-asked-follower-sees") { "f.state <> ''" } else { "f.state = 'accepted'" };
    format!(
        "({there} AND (t.user_id = {viewer} OR {open}
            OR ({unless} EXISTS (SELECT 1 FROM social_blocks b WHERE b.blocker = t.user_id AND b.blocked = {viewer})
                AND (EXISTS (SELECT 1 FROM social_thought_mentions m WHERE m.user_id = {viewer} AND m.thought_id = t.id)
                    OR (t.visibility = 'followers' AND EXISTS (SELECT 1 FROM social_follows f
                        WHERE f.follower = {viewer} AND f.followed = t.user_id AND {follows}))))))"
    )
}

/// It may be put before them in a list that they did not ask for by name: a feed, what is found, what replies.
///
/// `now` is in microseconds, for mutes that end.
pub(crate) fn lists(viewer: Option<impl Display>, now: impl Display) -> String {
    let sees = sees(viewer.as_ref());
    let Some(viewer) = viewer else { return sees };
    format!("({sees} AND {})", bears("t.user_id", viewer, now))
}

/// A viewer wants to be shown somebody at all: no blocks between them, no mute, no host they want to see nothing of.
pub(crate) fn bears(author: &str, viewer: impl Display, now: impl Display) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM social_blocks b WHERE b.blocker = {viewer} AND b.blocked = {author})
         AND NOT EXISTS (SELECT 1 FROM social_blocks b WHERE b.blocker = {author} AND b.blocked = {viewer})
         AND NOT EXISTS (SELECT 1 FROM social_mutes b WHERE b.muter = {viewer} AND b.muted = {author}
             AND (b.ends_at IS NULL OR b.ends_at > {now}))
         AND NOT EXISTS (SELECT 1 FROM social_user_domain_blocks d JOIN social_users y ON y.host = d.domain
             WHERE d.user_id = {viewer} AND y.id = {author})"
    )
}

/// An author may be put before everybody: nobody silenced them, unless it is before themselves or whoever follows them.
pub(crate) fn heard(author: &str, viewer: Option<impl Display>) -> String {
    let silenced =
        format!("EXISTS (SELECT 1 FROM social_users s WHERE s.id = {author} AND s.silenced_at IS NOT NULL)");
    let Some(viewer) = viewer else { return format!("NOT {silenced}") };
    format!(
        "(NOT {silenced} OR {author} = {viewer} OR EXISTS (SELECT 1 FROM social_follows f
             WHERE f.follower = {viewer} AND f.followed = {author} AND f.state = 'accepted'))"
    )
}

/// A thought of this author may be liked, boosted and answered by a viewer: neither blocks the other.
pub(crate) fn speaks(author: &str, viewer: impl Display) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM social_blocks b WHERE b.blocker = {viewer} AND b.blocked = {author})
         AND NOT EXISTS (SELECT 1 FROM social_blocks b WHERE b.blocker = {author} AND b.blocked = {viewer})"
    )
}
