//! The parts of a CAR file (version 1): a header, then blocks, each behind its length.

use std::ops::Range;

use super::CarError;
use crate::Cid;
use crate::cbor::{Item, Malformed, Reader};

/// A header names one root; real ones have about 60 bytes.
const MAX_HEADER_BYTES: usize = 16 << 10;

const CID_BYTES: usize = 36;

/// Where a block is in its file.
pub(super) struct Block {
    pub(super) cid: Cid,
    pub(super) content: Range<usize>,
}

/// The roots, and where the first block begins.
pub(super) fn header(car: &[u8]) -> Result<(Vec<Cid>, usize), CarError> {
    let header = section(car, 0).map_err(CarError::Header)?;
    if header.len() > MAX_HEADER_BYTES {
        return Err(CarError::Header("it is larger than 16 KiB"));
    }
    let roots = roots(&car[header.clone()]).map_err(|Malformed(fault)| CarError::Header(fault))?;
    Ok((roots, header.end))
}

/// The block whose length stands at `offset`.
pub(super) fn block(car: &[u8], offset: usize) -> Result<Block, CarError> {
    let section = section(car, offset).map_err(|fault| CarError::Block { offset, fault })?;
    let cid =
        car[section.clone()].get(..CID_BYTES).and_then(Cid::from_bytes).ok_or(CarError::Cid { offset })?;
    Ok(Block { cid, content: section.start + CID_BYTES..section.end })
}

/// What lies behind the length at `offset`.
fn section(car: &[u8], offset: usize) -> Result<Range<usize>, &'static str> {
    let (length, start) = length(car, offset)?;
    match usize::try_from(length) {
        Ok(0) => Err("its length is 0"),
        Ok(length) if length <= car.len() - start => Ok(start..start + length),
        _ => Err("the file ends before it does"),
    }
}

/// An unsigned varint in its shortest form, and where it ends.
fn length(car: &[u8], offset: usize) -> Result<(u64, usize), &'static str> {
    let mut length = 0;
    // Nine bytes hold 63 bits.
    for (index, &byte) in car[offset..].iter().take(9).enumerate() {
        length |= u64::from(byte & 0x7f) << (7 * index);
        match byte {
            0 if index > 0 => return Err("its length is not in its shortest form"),
            0..0x80 => return Ok((length, offset + index + 1)),
            _ => {}
        }
    }
    Err("its length has no end")
}

fn roots(header: &[u8]) -> Result<Vec<Cid>, Malformed> {
    let mut reader = Reader::new(header);
    let Item::Map(fields) = reader.item()? else { return Err(Malformed("it is not a map")) };
    let (mut roots, mut version, mut previous) = (None, None, None);
    for _ in 0..fields {
        match (reader.key(&mut previous)?, reader.item()?) {
            ("roots", Item::Array(items)) => roots = Some(links(&mut reader, items)?),
            ("version", Item::Unsigned(number)) => version = Some(number),
            _ => return Err(Malformed("it has a field other than roots and version")),
        }
    }
    reader.end()?;
    match (roots, version) {
        (Some(roots), Some(1)) => Ok(roots),
        (_, Some(1)) => Err(Malformed("it has no roots")),
        _ => Err(Malformed("its version is not 1")),
    }
}

fn links(reader: &mut Reader<'_>, items: usize) -> Result<Vec<Cid>, Malformed> {
    let link = |_| match reader.item()? {
        Item::Link(cid) => Ok(cid),
        _ => Err(Malformed("a root is not a link")),
    };
    (0..items).map(link).collect()
}
