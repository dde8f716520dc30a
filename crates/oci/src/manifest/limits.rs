//! How much of a manifest is looked at.

/// Bounds of one manifest. Besides, it has at most 10,000 descriptors in a list, and a descriptor 100 URLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes.
    pub bytes: usize,
    /// Objects and arrays inside each other, the outermost included.
    pub depth: usize,
}

impl Default for Limits {
    /// 8 MiB (clients are promised 4), and a depth that the parsers of all clients follow.
    fn default() -> Self {
        Self { bytes: 8 << 20, depth: 100 }
    }
}

impl Limits {
    /// Descriptors of one list at most.
    pub(super) const DESCRIPTORS: usize = 10_000;

    /// Short texts of one list at most: URLs of a descriptor, features of an operating system.
    pub(super) const TEXTS: usize = 100;

    /// Whether JSON stays within the depth. Nothing is built for it, so no depth is too much to count.
    pub(super) fn allow_depth(&self, json: &str) -> bool {
        let (mut depth, mut in_string, mut escaped) = (0_usize, false, false);
        for byte in json.bytes() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                b'{' | b'[' if !in_string => {
                    depth += 1;
                    if depth > self.depth {
                        return false;
                    }
                }
                b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_is_open() {
        let limits = Limits { bytes: 100, depth: 2 };
        for json in [r#"{"a":[],"b":[]}"#, r#"["[[[","\"[[[",[]]"#, "", "]]]]"] {
            assert!(limits.allow_depth(json), "{json}");
        }
        for json in [r#"{"a":[{}]}"#, r#"["\\",[[]]]"#, "[[["] {
            assert!(!limits.allow_depth(json), "{json}");
        }
    }
}
