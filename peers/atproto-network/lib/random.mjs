// Hashes, and random numbers that are a function of a seed.
import crypto from 'node:crypto'

export const sha256 = (data) => crypto.createHash('sha256').update(data).digest()

/** Deterministic random numbers (mulberry32) seeded from any string. */
export function rng(seed) {
  let a = sha256(String(seed)).readUInt32LE(0)
  const next = () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  next.int = (n) => Math.floor(next() * n)
  next.pick = (list) => list[next.int(list.length)]
  return next
}
