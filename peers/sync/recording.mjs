// The recorded steps of the reference server, and what stands in them for what every run makes anew.
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'

const b64 = (bytes) => Buffer.from(bytes).toString('base64')

export const steps = readFileSync(new URL('steps.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))

// What stands in the recording in the place of what was made for one run, and what we have in that place.
const known = new Map()

function makeKey() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = b64(publicKey.export({ type: 'spki', format: 'der' }).subarray(-32))
  return { raw, sign: (bytes) => b64(sign(null, bytes, privateKey)) }
}

for (const name of ['A', 'B']) {
  const key = makeKey()
  const challenge = randomBytes(32)
  known.set(`<ed25519-public-key:${name}>`, key.raw)
  known.set(`<ed25519-public-key-unpadded:${name}>`, key.raw.replace('=', ''))
  known.set(`<challenge:${name}>`, b64(challenge))
  known.set(`<ed25519-signature:${name}>`, key.sign(challenge))
  known.set(`<signature-of-nothing:${name}>`, key.sign(Buffer.alloc(0)))
}
known.set('<another-challenge>', b64(randomBytes(32)))
let urlSafe
while (!/[-_]/.test(urlSafe ?? '')) urlSafe = makeKey().raw.replaceAll('+', '-').replaceAll('/', '_')
known.set('<url-safe-public-key>', urlSafe)
for (const name of ['terminal', 'device']) known.set(`<${name}-box-public-key>`, b64(randomBytes(32)))
known.set('<percent-encoded base64>', encodeURIComponent(known.get('<terminal-box-public-key>')))

const MINUTE = 60_000
const moments = new Map([
  ['<now>', 0],
  ['<ten-minutes-ago>', -10 * MINUTE - 1000],
  ['<an-hour-from-now>', 60 * MINUTE],
])

// The value as we have it.
export function translate(value) {
  if (typeof value === 'string') {
    if (moments.has(value)) return Date.now() + moments.get(value)
    let text = value.replaceAll('<a-minute-from-now>', String(Date.now() + MINUTE))
    for (const [theirs, ours] of known) text = text.replaceAll(theirs, ours)
    return text
  }
  if (Array.isArray(value)) return value.map(translate)
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, translate(field)]))
  }
  return value
}

// Ids, tokens and names of files that the answers give.
export function learn(theirs, ours) {
  if (typeof theirs === 'string' && typeof ours === 'string') {
    const file = /^sessions\/.*\/attachments\/(.*)\.enc$/
    const [mine, yours] = [file.exec(ours)?.[1], file.exec(theirs)?.[1]]
    if (mine && yours) known.set(yours, mine)
    if (/^(c[a-z0-9]{24}|<token.*>)$/.test(theirs) && !known.has(theirs)) known.set(theirs, ours)
  } else if (theirs && ours && typeof theirs === 'object' && typeof ours === 'object') {
    for (const key of Object.keys(theirs)) learn(theirs[key], ours[key])
  }
}

// A body that is only described.
export function body({ rawBody, body }) {
  const bytes = /^<(\d+) bytes>$/.exec(rawBody ?? '')?.[1]
  if (bytes) return Buffer.from('hello'.repeat(Math.ceil(bytes / 5))).subarray(0, Number(bytes))
  if (body === '<101 messages>') {
    const messages = Array.from({ length: 101 }, (_, n) => ({ localId: `many-${n}`, content: 'eA==' }))
    return JSON.stringify({ messages })
  }
  return translate(rawBody ?? (body === undefined || body === null ? undefined : JSON.stringify(body)))
}
