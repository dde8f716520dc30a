// Hashes of the synthetic network: DIDs, CIDs, and the 32-bit mixer every choice is made with.
import { createRequire } from 'node:module'
import { sha256 } from '../random.mjs'
import { fromJson } from '../car.mjs'

const dagCbor = createRequire(import.meta.url)('@ipld/dag-cbor')
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

export function base32(bytes) {
  let out = ''
  let bits = 0
  let value = 0
  for (const b of bytes) {
    value = ((value << 8) | b) & 0xffff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      out += ALPHABET[(value >>> bits) & 31]
    }
  }
  if (bits) out += ALPHABET[(value << (5 - bits)) & 31]
  return out
}

const PREFIX = { cbor: Buffer.from([1, 0x71, 0x12, 0x20]), raw: Buffer.from([1, 0x55, 0x12, 0x20]) }
const cid = (bytes, kind) => 'b' + base32(Buffer.concat([PREFIX[kind], sha256(bytes)]))

/** The real CID of a record in JSON form. */
export const recordCid = (record) => cid(dagCbor.encode(fromJson(record)), 'cbor')
/** A well-formed CID, made from any text. */
export const textCid = (text, kind = 'cbor') => cid(text, kind)

export const mix = (x) => {
  x ^= x >>> 16
  x = Math.imul(x, 0x85ebca6b)
  x ^= x >>> 13
  x = Math.imul(x, 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}
