//! The formats of pictures.

/// The formats that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Png,
    Jpeg,
}

impl Kind {
    /// At the end of its name.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
        }
    }

    /// What the name of a stored one says.
    pub(super) fn of_path(path: &str) -> Self {
        match path.rsplit_once('.') {
            Some((_, "png")) => Self::Png,
            _ => Self::Jpeg,
        }
    }

    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}
