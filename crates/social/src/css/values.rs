//! What properties may be set to.

use cssparser::Token;

use super::piece::{Piece, trim};

/// The longest text in quotation marks, in characters.
const MAX_STRING: usize = 64;

/// Functions that fetch nothing and read nothing but variables.
const FUNCTIONS: [&str; 52] = [
    "blur",
    "brightness",
    "calc",
    "clamp",
    "color",
    "color-mix",
    "conic-gradient",
    "contrast",
    "cubic-bezier",
    "drop-shadow",
    "fit-content",
    "grayscale",
    "hsl",
    "hsla",
    "hue-rotate",
    "hwb",
    "invert",
    "lab",
    "lch",
    "linear",
    "linear-gradient",
    "matrix",
    "matrix3d",
    "max",
    "min",
    "minmax",
    "oklab",
    "oklch",
    "opacity",
    "perspective",
    "radial-gradient",
    "repeat",
    "repeating-conic-gradient",
    "repeating-linear-gradient",
    "repeating-radial-gradient",
    "rgb",
    "rgba",
    "rotate",
    "rotate3d",
    "rotatex",
    "rotatey",
    "rotatez",
    "saturate",
    "scale",
    "scale3d",
    "sepia",
    "skew",
    "steps",
    "translate",
    "translate3d",
    "translatex",
    "var",
];
const MORE_FUNCTIONS: [&str; 7] =
    ["scalex", "scaley", "scalez", "skewx", "skewy", "translatey", "translatez"];

/// Whether all of a value is harmless, whatever it is the value of: it fetches nothing, and there is nothing like `scheme:` in it.
pub(super) fn is_harmless(value: &[Piece<'_>]) -> bool {
    value.iter().all(|piece| match piece {
        Piece::Space => true,
        Piece::Token(token) => is_harmless_token(token),
        Piece::Block(Token::Function(name), inner) => is_function(name) && is_harmless(inner),
        Piece::Block(Token::ParenthesisBlock | Token::SquareBracketBlock, inner) => is_harmless(inner),
        Piece::Forbidden | Piece::Block(..) => false,
    })
}

fn is_harmless_token(token: &Token<'_>) -> bool {
    match token {
        Token::QuotedString(text) => {
            text.chars().count() <= MAX_STRING && !text.contains([':', '<', '\\', '\n', '\r', '\x0c'])
        }
        Token::Ident(_)
        | Token::Hash(_)
        | Token::IDHash(_)
        | Token::Number { .. }
        | Token::Percentage { .. }
        | Token::Dimension { .. }
        | Token::Comma
        | Token::Delim('+' | '-' | '*' | '/') => true,
        _ => false,
    }
}

fn is_function(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    FUNCTIONS.contains(&&*name) || MORE_FUNCTIONS.contains(&&*name)
}

/// Whether the property may be set to this, which is harmless. `on_own` says that the rule is about elements with an id of their own.
pub(super) fn fits(property: &str, value: &[Piece<'_>], on_own: bool) -> bool {
    let value = trim(value);
    if value.is_empty() {
        return false;
    }
    match property {
        "position" => is_word(value, &["static", "relative", "absolute"]),
        "z-index" => match value {
            [Piece::Token(Token::Number { int_value: Some(number), .. })] => (0..=10).contains(number),
            value => is_word(value, &["auto"]),
        },
        "content" => value.iter().all(|piece| match piece {
            Piece::Space | Piece::Token(Token::QuotedString(_)) => true,
            piece => is_word(std::slice::from_ref(piece), &["none", "normal"]),
        }),
        "display" => {
            let words = ["flex", "grid", "block", "inline", "inline-block", "inline-flex", "inline-grid"];
            is_word(value, &words) || on_own && is_word(value, &["none"])
        }
        "cursor" => only_words(value),
        _ if property.starts_with("list-style") => only_words(value),
        _ if property.starts_with("margin") => value.iter().all(is_margin),
        _ => true,
    }
}

fn is_word(value: &[Piece<'_>], words: &[&str]) -> bool {
    let [Piece::Token(Token::Ident(word))] = value else { return false };
    words.iter().any(|known| word.eq_ignore_ascii_case(known))
}

fn only_words(value: &[Piece<'_>]) -> bool {
    value.iter().all(|piece| matches!(piece, Piece::Space | Piece::Token(Token::Ident(_))))
}

/// From nothing to 200 pixels, also in other units.
fn is_margin(piece: &Piece<'_>) -> bool {
    match piece {
        Piece::Space => true,
        Piece::Token(Token::Number { value, .. }) => *value == 0.0,
        Piece::Token(Token::Percentage { unit_value, .. }) => (0.0..=1.0).contains(unit_value),
        Piece::Token(Token::Dimension { value, unit, .. }) => {
            let most = match &*unit.to_ascii_lowercase() {
                "px" => 200.0,
                "em" | "rem" | "ch" => 12.0,
                _ => return false,
            };
            (0.0..=most).contains(value)
        }
        piece => is_word(std::slice::from_ref(piece), &["auto"]),
    }
}
