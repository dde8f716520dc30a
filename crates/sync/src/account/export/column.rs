//! A column of a row as a member of a JSON object.

use serde::Serialize;
use serde_json::value::RawValue;
use store::Row;

use crate::Error;
use crate::wire::{encode, millis};

/// What a column holds, NULL or …
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    Text,
    Int,
    Bool,
    /// Microseconds there, milliseconds here.
    Time,
    /// JSON in its text form, which comes as it is.
    Json,
    /// Bytes there, base64 here.
    Bytes,
}

/// Writes a row as one line; no tree is built, as a column may be large.
pub(super) fn write_row(
    to: &mut Vec<u8>,
    kind: &str,
    columns: &[(&str, Form)],
    row: &Row<'_>,
) -> Result<(), Error> {
    to.extend_from_slice(b"{\"kind\":");
    write(to, &kind)?;
    for (at, (name, form)) in columns.iter().enumerate() {
        to.push(b',');
        write(to, name)?;
        to.push(b':');
        match form {
            Form::Text => write(to, &row.opt_text(at)?)?,
            Form::Int => write(to, &row.opt_int(at)?)?,
            Form::Bool => write(to, &row.opt_int(at)?.map(|number| number != 0))?,
            Form::Time => write(to, &row.opt_int(at)?.map(millis))?,
            Form::Json => {
                let json = row.opt_text(at)?.map(serde_json::from_str::<&RawValue>).transpose();
                write(to, &json.map_err(|error| Error::Encoding(error.into()))?)?;
            }
            Form::Bytes => write(to, &row.opt_blob(at)?.map(encode))?,
        }
    }
    to.extend_from_slice(b"}\n");
    Ok(())
}

fn write(to: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) -> Result<(), Error> {
    serde_json::to_writer(to, value).map_err(|error| Error::Encoding(error.into()))
}
