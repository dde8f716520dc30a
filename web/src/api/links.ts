// What records say about other records.

import type { Schemas } from './client'

/** The parts of the address of a record. */
export interface Address {
  uri: string
  did: string
  collection: string
  rkey: string
}

/** The address in a text: with `at://`, without, or as an address of this app has it. */
export function address(text: string): Address | undefined {
  const [did, collection, rkey, ...rest] = text.replace(/^at:\/{0,2}/, '').split(/[/?#]/)
  if (!did || !collection || !rkey || rest.length > 0 || !/^did:|\./.test(did)) return undefined
  return { uri: `at://${did}/${collection}/${rkey}`, did, collection, rkey }
}

export interface Reference {
  /** In which field: names with dots, `[]` for whatever place in a list. */
  path: string
  uri: string
}

/** Deeper than records may be. */
const DEEPEST = 64

/** `at://` strings anywhere in a value, each once for a field. */
export function references(value: unknown, path = '', depth = 0): Reference[] {
  if (typeof value === 'string') return value.startsWith('at://') ? [{ path, uri: value }] : []
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return []
  const inner = Array.isArray(value)
    ? value.flatMap((one) => references(one, `${path}[]`, depth + 1))
    : Object.entries(value).flatMap(([name, one]) =>
        references(one, path ? `${path}.${name}` : name, depth + 1),
      )
  const seen = new Set<string>()
  return inner.filter(({ path, uri }) => {
    const key = `${path} ${uri}`
    return !seen.has(key) && seen.add(key)
  })
}

/** Records of one collection that refer to the same record in the same field. */
export interface Group {
  collection: string
  path: string
  /** Their addresses, newest first. */
  uris: string[]
  /** There are more than were asked for. */
  more: boolean
}

/** Records that refer to another by collection and field, most first. */
export function grouped(found: Schemas['BacklinkPage'][]): Group[] {
  const groups = new Map<string, Group>()
  for (const { collection, cursor, records } of found)
    for (const { uri, paths } of records)
      for (const path of paths) {
        const key = `${collection} ${path}`
        const group = groups.get(key) ?? { collection, path, uris: [], more: cursor !== undefined }
        group.uris.push(uri)
        groups.set(key, group)
      }
  return [...groups.values()].sort((a, b) => b.uris.length - a.uris.length)
}
