// What a Jetstream subscriber may ask for, read from the query string or an options_update.

const NSID =
  /^[a-zA-Z]([a-zA-Z0-9-]{0,62}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,62}[a-zA-Z0-9])?)+(\.[a-zA-Z]([a-zA-Z0-9]{0,62})?)$/
const DID = /^did:[a-z]+:[a-zA-Z0-9._:%-]*[a-zA-Z0-9._-]$/
const KINDS = ['commit', 'identity', 'account', 'sync']
const MAX_COLLECTIONS = 100
const MAX_DIDS = 10_000

export const isNsid = (s) => s.length <= 317 && NSID.test(s)
const isDid = (s) => s.length <= 2048 && DID.test(s)

/** A request the server must refuse; the message is sent to the client. */
export class BadOptions extends Error {
  constructor(message, code = 'InvalidRequest') {
    super(message)
    this.code = code
  }
}

/** null when everything is wanted, else a predicate on collections. v1 does not validate the head of `a.b.*`. */
function collectionFilter(values, { strictPrefix = false } = {}) {
  if (!values.length) return null
  const full = new Set()
  const prefixes = new Set()
  for (const v of values) {
    if (v.endsWith('.*')) {
      if (strictPrefix && !isNsid(v.slice(0, -1) + 'x'))
        throw new BadOptions(`invalid collection wildcard: ${v}`)
      prefixes.add(v.slice(0, -1))
    } else if (isNsid(v)) full.add(v)
    else throw new BadOptions(`invalid collection: ${v}`)
  }
  if (full.size + prefixes.size > MAX_COLLECTIONS) throw new BadOptions('too many wanted collections')
  return (c) => full.has(c) || [...prefixes].some((p) => c.startsWith(p))
}

function didFilter(values) {
  const set = new Set()
  for (const v of values) {
    if (!isDid(v)) throw new BadOptions(`invalid DID: ${v}`)
    set.add(v)
  }
  if (set.size > MAX_DIDS) throw new BadOptions('too many wanted DIDs')
  return set.size ? set : null
}

/** `maxSize` is lenient in v1: anything that is not a positive number means no limit. */
export function v1Options({ collections = [], dids = [], maxSize }) {
  try {
    const n = Number.parseInt(maxSize ?? '', 10)
    return {
      collections,
      wantCollection: collectionFilter(collections),
      wantDids: didFilter(dids),
      kinds: null,
      maxSize: n > 0 ? n : 0,
    }
  } catch (err) {
    if (err instanceof BadOptions) throw new BadOptions(`invalid subscriber options: ${err.message}`)
    throw err
  }
}

const V1_ONLY = [
  ['wantedDids', 'use dids'],
  ['wantedCollections', 'use collections'],
  ['requireHello', 'this endpoint is server-push only'],
]

export function v2Options(q) {
  for (const [name, advice] of V1_ONLY)
    if (q.has(name)) throw new BadOptions(`${name} is a /subscribe parameter; ${advice}`)
  const kinds = q.getAll('kinds')
  const collections = q.getAll('collections')
  const dids = q.getAll('dids')
  if (kinds.length > KINDS.length)
    throw new BadOptions(`too many kinds values: ${kinds.length} > ${KINDS.length}`)
  for (const k of kinds) if (!KINDS.includes(k)) throw new BadOptions(`unknown kind ${k}`)
  if (dids.length > MAX_DIDS) throw new BadOptions('too many dids values')
  if (collections.length > MAX_COLLECTIONS) throw new BadOptions('too many collections values')
  const wantCollection = collectionFilter(collections, { strictPrefix: true })
  if (wantCollection && kinds.length && !kinds.includes('commit'))
    throw new BadOptions('collections filter can never apply: kinds excludes commit')
  return {
    collections,
    wantCollection,
    wantDids: didFilter(dids),
    kinds: kinds.length ? new Set(kinds) : null,
    maxSize: v2MaxSize(q),
  }
}

function v2MaxSize(q) {
  const raw = q.get('maxMessageSizeBytes')
  if (raw === null) return 0
  const n = Number(raw)
  if (raw === '' || !Number.isInteger(n) || n < 0 || n > 0xffffffff)
    throw new BadOptions('maxMessageSizeBytes must be one unsigned 32-bit integer')
  return n
}
