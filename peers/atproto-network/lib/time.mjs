// Time: microseconds that never repeat, TIDs made of them, and waiting.

export const sleep = (ms) => new Promise((r) => setTimeout(r, ms))

let lastMicros = 0
/** Wall clock in microseconds, strictly increasing within this process. */
export function nowMicros() {
  const t = Math.floor((performance.timeOrigin + performance.now()) * 1000)
  lastMicros = t > lastMicros ? t : lastMicros + 1
  return lastMicros
}

/** Keeps later times above `floor` (events restored from a file). */
export function bumpMicros(floor) {
  if (floor > lastMicros) lastMicros = floor
}

const B32 = '234567abcdefghijklmnopqrstuvwxyz'

/** TID for a time in microseconds and a clock id (0..1023). */
export function tid(micros, clockId = 0) {
  let v = (BigInt(micros) << 10n) | BigInt(clockId & 1023)
  let out = ''
  for (let i = 0; i < 13; i++) {
    out = B32[Number(v & 31n)] + out
    v >>= 5n
  }
  return out
}
