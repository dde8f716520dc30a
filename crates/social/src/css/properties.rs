//! Which properties are kept.

/// By their whole name.
const NAMES: [&str; 42] = [
    "align-content",
    "align-items",
    "align-self",
    "backdrop-filter",
    "background",
    "background-attachment",
    "background-blend-mode",
    "background-clip",
    "background-color",
    "background-image",
    "background-origin",
    "background-position",
    "background-repeat",
    "background-size",
    "box-shadow",
    "box-sizing",
    "color",
    "column-gap",
    "content",
    "cursor",
    "display",
    "filter",
    "gap",
    "height",
    "justify-content",
    "justify-items",
    "justify-self",
    "letter-spacing",
    "line-height",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "mix-blend-mode",
    "opacity",
    "order",
    "position",
    "row-gap",
    "white-space",
    "width",
    "word-spacing",
    "z-index",
];

/// By what they begin with.
const FAMILIES: [&str; 13] = [
    "animation",
    "border",
    "flex",
    "font",
    "grid",
    "list-style",
    "margin",
    "outline",
    "overflow",
    "padding",
    "text",
    "transform",
    "transition",
];

/// Whether the property of this name, in lower case, is one that people may set.
pub(super) fn is_kept(name: &str) -> bool {
    let of_family = |family: &&str| {
        name.strip_prefix(*family).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    is_custom(name) || NAMES.contains(&name) || FAMILIES.iter().any(of_family)
}

/// A property that people make up themselves.
pub(super) fn is_custom(name: &str) -> bool {
    name.len() > 2 && name.starts_with("--")
}
