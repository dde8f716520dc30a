// What can be said about a lexicon before the server is asked, which has the last word.

import { isNode, type Node } from '@/api/node'

interface Problem {
  line: number
  message: string
}

const NSID = /^[a-z][a-z0-9-]{0,62}(\.[a-z0-9][a-z0-9-]{0,62})+\.[a-zA-Z][a-zA-Z0-9]{0,62}$/i
const MAIN_ONLY = ['record', 'query', 'procedure', 'subscription', 'permission-set']
const TYPES = [
  ...MAIN_ONLY,
  ...[
    'object',
    'array',
    'token',
    'string',
    'integer',
    'boolean',
    'bytes',
    'cid-link',
    'blob',
    'ref',
    'union',
    'unknown',
  ],
  ...['null', 'params', 'permission'],
]

/** The line on which a text stands first; the first line if it does not. */
const lineOf = (source: string, text: string) => {
  const at = source.indexOf(text)
  return at < 0 ? 1 : source.slice(0, at).split('\n').length
}

/** The lexicon, if it is JSON, and what is wrong with it. */
export function check(source: string): { lexicon?: Node; problems: Problem[] } {
  let lexicon: unknown
  try {
    lexicon = JSON.parse(source)
  } catch {
    // The editor says where.
    return { problems: [] }
  }
  if (!isNode(lexicon)) return { problems: [{ line: 1, message: 'A lexicon is an object.' }] }
  const problems: Problem[] = []
  const say = (text: string, message: string) => problems.push({ line: lineOf(source, text), message })
  if (lexicon.lexicon !== 1) say('"lexicon"', '"lexicon" must be 1, the version of the language.')
  if (typeof lexicon.id !== 'string' || !NSID.test(lexicon.id))
    say('"id"', '"id" must be an NSID, such as com.example.note.')
  if (!isNode(lexicon.defs)) say('"defs"', '"defs" must be an object of definitions.')
  else for (const [name, def] of Object.entries(lexicon.defs)) inspect(def, name, name === 'main', say)
  return { lexicon, problems }
}

function inspect(def: unknown, name: string, isMain: boolean, say: (text: string, message: string) => void) {
  const at = `"${name}"`
  if (!isNode(def)) return say(at, `"${name}" must be an object.`)
  const type = def.type
  if (typeof type !== 'string') return say(at, `"${name}" has no "type".`)
  if (!TYPES.includes(type)) say(at, `"${name}" has the unknown type "${type}".`)
  if (MAIN_ONLY.includes(type) && !isMain) say(at, `Only "main" may be a ${type}.`)
  if (type === 'record' && !isNode(def.record))
    say(at, `The record "${name}" does not say what is in it ("record").`)
  if (type === 'array' && !isNode(def.items)) say(at, `The array "${name}" does not say what its items are.`)
  if (type === 'ref' && typeof def.ref !== 'string') say(at, `The ref "${name}" refers to nothing.`)
  if (type === 'union' && !Array.isArray(def.refs)) say(at, `The union "${name}" has no "refs".`)
  for (const part of [def, def.record, def.parameters].filter(isNode)) required(part, name, say)
  const inner = [
    def.properties,
    isNode(def.record) && def.record.properties,
    isNode(def.parameters) && def.parameters.properties,
  ]
  for (const properties of inner.filter(isNode))
    for (const [property, value] of Object.entries(properties)) inspect(value, property, false, say)
  if (isNode(def.items)) inspect(def.items, name, false, say)
}

function required(part: Node, name: string, say: (text: string, message: string) => void) {
  const { required, properties } = part
  if (required === undefined) return
  if (!Array.isArray(required)) return say('"required"', `"required" of "${name}" must be a list.`)
  for (const wanted of required)
    if (!isNode(properties) || !(String(wanted) in properties))
      say(`"${wanted}"`, `"${wanted}" is required in "${name}" but not one of its properties.`)
}
