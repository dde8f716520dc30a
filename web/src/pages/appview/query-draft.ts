// A first query for a collection: its fields as conditions.

interface Field {
  type?: string
  format?: string
  ref?: string
  items?: Field
}

interface Document {
  id?: string
  defs?: { main?: { record?: { properties?: { [name: string]: Field } } } }
}

/** More would ask for more indexes than a query may have. */
const MOST = 8

const SIMPLE = ['string', 'integer', 'boolean']

/** Names that mean something else, or would. */
const TAKEN = ['limit', 'cursor', 'did', 'uri', 'sort', 'order', 'q', 'search']

/** A query lexicon whose parameters are the fields of a record lexicon that can be compared. */
export function draft(document: unknown): object | undefined {
  const { id, defs } = (document ?? {}) as Document
  const fields = defs?.main?.record?.properties
  if (!id || !fields) return undefined
  const conditions: [string, object][] = []
  const orders: string[] = []
  let texts = false
  for (const [name, field] of Object.entries(fields)) {
    if (TAKEN.includes(name)) continue
    const { type, format } = field.type === 'array' ? (field.items ?? {}) : field
    const isTime = format === 'datetime'
    if (type === 'string' && !format) texts = true
    if (isTime && field.type !== 'array') {
      conditions.push(
        [`${name}After`, { type: 'string', format }],
        [`${name}Before`, { type: 'string', format }],
      )
      orders.push(`-${name}`)
    } else if (type === 'integer' && field.type !== 'array') {
      conditions.push([`${name}Min`, { type }], [`${name}Max`, { type }])
      orders.push(name, `-${name}`)
    } else if (type === 'ref' && field.ref === 'com.atproto.repo.strongRef') {
      conditions.push([name, { type: 'string', format: 'at-uri' }])
    } else if (type && SIMPLE.includes(type)) {
      conditions.push([name, format ? { type, format } : { type }])
    }
  }
  const parts = id.split('.')
  const last = parts.pop() ?? ''
  return {
    lexicon: 1,
    id: [...parts, `list${last.charAt(0).toUpperCase()}${last.slice(1)}s`].join('.'),
    defs: {
      main: {
        type: 'query',
        parameters: {
          type: 'params',
          properties: {
            limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
            cursor: { type: 'string' },
            did: { type: 'string', format: 'did' },
            ...Object.fromEntries(conditions.slice(0, MOST)),
            ...(orders.length > 0 ? { sort: { type: 'string', enum: ['newest', ...orders] } } : {}),
            ...(texts ? { q: { type: 'string' } } : {}),
          },
        },
        output: {
          encoding: 'application/json',
          schema: {
            type: 'object',
            required: ['records'],
            properties: {
              records: { type: 'array', items: { type: 'unknown' } },
              cursor: { type: 'string' },
            },
          },
        },
      },
    },
  }
}
