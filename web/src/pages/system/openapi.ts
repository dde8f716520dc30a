// The OpenAPI document of the server, as the page about it shows it. Nothing in it is taken for granted: a server may be older or
// newer than its app.

import { isNode, type Node, node, text } from '@/api/node'

export interface Field {
  name: string
  schema: unknown
  type: string
  required: boolean
  description: string
  /** Of a parameter: `path`, `query` or `header`. */
  place?: string
}

export interface Body {
  mediaType: string
  schema: unknown
}

export interface Answer {
  status: string
  description: string
  body?: Body
}

export interface Operation {
  id: string
  method: string
  path: string
  summary: string
  parameters: Field[]
  body?: Body
  /** What is answered when it has been done. */
  answers: Answer[]
  /** What is answered when not. */
  problems: Answer[]
  /** The names of what a caller may show, one of them; none where nobody is asked. */
  credentials: string[]
  /** Whether one may also call without any. */
  anonymous: boolean
  permissions: string[]
}

export interface Group {
  name: string
  operations: Operation[]
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete']

/** References that are followed from each other; a document that has more leads nowhere. */
const DEEPEST = 8

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
const texts = (value: unknown) => list(value).filter((each) => typeof each === 'string')

/** One server's document. */
export class OpenApiDocument {
  readonly groups: Group[]
  readonly description: string
  readonly #root: Node

  constructor(document: unknown) {
    this.#root = node(document)
    this.description = text(node(this.#root.info).description)
    const groups = new Map<string, Operation[]>()
    for (const [path, item] of Object.entries(node(this.#root.paths)))
      for (const method of METHODS) {
        const operation = node(item)[method]
        if (!isNode(operation)) continue
        const name = texts(operation.tags)[0] ?? ''
        groups.set(name, [...(groups.get(name) ?? []), this.#operation(path, method, operation)])
      }
    this.groups = [...groups]
      .map(([name, operations]) => ({ name, operations }))
      .sort((a, b) => a.name.localeCompare(b.name))
  }

  /** What a credential is. */
  credential(name: string): string {
    return text(node(node(node(this.#root.components).securitySchemes)[name]).description)
  }

  /** What a schema admits, in a few words. */
  typeOf(value: unknown): string {
    const schema = node(value)
    const reference = text(schema.$ref)
    if (reference) return reference.slice(reference.lastIndexOf('/') + 1)
    const either = [...list(schema.oneOf), ...list(schema.anyOf)]
    if (either.length) return either.map((each) => this.typeOf(each)).join(' | ')
    if (Array.isArray(schema.allOf)) return schema.allOf.map((each) => this.typeOf(each)).join(' & ')
    if (Array.isArray(schema.enum)) return schema.enum.map((each) => JSON.stringify(each)).join(' | ')
    const types = Array.isArray(schema.type) ? texts(schema.type) : texts([schema.type])
    if (types.length === 0) return 'any'
    return types.map((type) => this.#named(type, schema)).join(' | ')
  }

  #named(type: string, schema: Node): string {
    const items = this.typeOf(schema.items)
    if (type === 'array') return items.includes(' ') ? `(${items})[]` : `${items}[]`
    if (type === 'object' && isNode(schema.additionalProperties))
      return `{ [name]: ${this.typeOf(schema.additionalProperties)} }`
    return text(schema.format) && type !== 'null' ? `${type} (${text(schema.format)})` : type
  }

  /** The fields of what a schema admits, or of the things that it is a list or a map of. */
  fieldsOf(value: unknown, depth = 0): Field[] {
    const schema = this.#resolved(value)
    if (depth > DEEPEST) return []
    const deeper = (schema: unknown) => this.fieldsOf(schema, depth + 1)
    const parts = [...list(schema.allOf), ...list(schema.oneOf), ...list(schema.anyOf)]
    if (parts.length) return parts.flatMap(deeper)
    if (isNode(schema.items)) return deeper(schema.items)
    const required = texts(schema.required)
    const own = Object.entries(node(schema.properties)).map(([name, property]) =>
      this.#field(name, property, required.includes(name), text(node(property).description)),
    )
    return own.length === 0 && isNode(schema.additionalProperties) ? deeper(schema.additionalProperties) : own
  }

  /** Something of that kind, with what must be there. */
  sample(value: unknown, depth = 0): unknown {
    const schema = this.#resolved(value)
    if (depth > DEEPEST) return null
    if (schema.default !== undefined) return schema.default
    if (Array.isArray(schema.enum)) return schema.enum[0]
    const [part] = [...list(schema.oneOf), ...list(schema.anyOf)]
    if (part) return this.sample(part, depth + 1)
    if (Array.isArray(schema.allOf))
      return Object.assign({}, ...schema.allOf.map((part) => node(this.sample(part, depth + 1))))
    const type = texts(Array.isArray(schema.type) ? schema.type : [schema.type]).find(
      (type) => type !== 'null',
    )
    if (type === 'integer' || type === 'number') return schema.minimum ?? 1
    if (type === 'boolean') return true
    if (type === 'array') return [this.sample(schema.items, depth + 1)]
    if (type !== 'object') return schema.format === 'date-time' ? '2026-01-01T00:00:00Z' : 'text'
    const properties = Object.entries(node(schema.properties))
    const required = texts(schema.required)
    const shown = properties.filter(([name]) => required.includes(name) || required.length === 0)
    return Object.fromEntries(shown.map(([name, property]) => [name, this.sample(property, depth + 1)]))
  }

  #operation(path: string, method: string, operation: Node): Operation {
    const answers = Object.entries(node(operation.responses)).map(([status, answer]) =>
      this.#answer(status, answer),
    )
    const isDone = ({ status }: Answer) => /^[123]/.test(status)
    const requirements = list(operation.security).map((requirement) => Object.keys(node(requirement)))
    return {
      id: text(operation.operationId) || `${method} ${path}`,
      method: method.toUpperCase(),
      path,
      summary: text(operation.summary),
      parameters: list(operation.parameters).map((value) => {
        const parameter = this.#resolved(value)
        const { name, schema, required, description } = parameter
        const field = this.#field(text(name), schema, required === true, text(description))
        return { ...field, place: text(parameter.in) }
      }),
      body: this.#body(operation.requestBody),
      answers: answers.filter(isDone),
      problems: answers.filter((answer) => !isDone(answer)),
      credentials: requirements.flat(),
      anonymous: requirements.length === 0 || requirements.some((names) => names.length === 0),
      permissions: texts(operation['x-permissions']),
    }
  }

  #answer(status: string, value: unknown): Answer {
    return { status, description: text(this.#resolved(value).description), body: this.#body(value) }
  }

  #body(value: unknown): Body | undefined {
    const [first] = Object.entries(node(this.#resolved(value).content))
    return first && { mediaType: first[0], schema: node(first[1]).schema }
  }

  #field(name: string, schema: unknown, required: boolean, description: string): Field {
    return { name, schema, type: this.typeOf(schema), required, description }
  }

  /** What a reference leads to, or the thing itself. */
  #resolved(value: unknown): Node {
    let found = node(value)
    for (let followed = 0; followed < DEEPEST && text(found.$ref).startsWith('#/'); followed += 1) {
      const names = text(found.$ref).slice(2).split('/')
      found = names.reduce((at, name) => node(at[name]), this.#root)
    }
    return found
  }
}

/** Whether somebody who looks for these words means it. */
export function isMeant(operation: Operation, words: string): boolean {
  const { id, method, path, summary, permissions } = operation
  const said = [id, method, path, summary, ...permissions].join(' ').toLowerCase()
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word))
}

/** A call from a shell, with something in the place of what the caller knows. */
export function curl(document: OpenApiDocument, operation: Operation, server: string): string {
  const { method, path, parameters, body, credentials, anonymous } = operation
  const query = parameters.filter(({ place, required }) => place === 'query' && required)
  const asked = query.map(
    ({ name, schema }) => `${name}=${encodeURIComponent(String(document.sample(schema)))}`,
  )
  const address = `${server}${path}${asked.length ? `?${asked.join('&')}` : ''}`
  const lines = [method === 'GET' ? `curl ${quoted(address)}` : `curl -X ${method} ${quoted(address)}`]
  if (!anonymous && credentials.some((name) => name !== 'cookie' && name !== 'dpop'))
    lines.push('-H "Authorization: Bearer $TOKEN"')
  if (body) lines.push(`-H ${quoted(`Content-Type: ${body.mediaType}`)}`)
  if (body?.mediaType === 'application/json')
    lines.push(`-d ${quoted(JSON.stringify(document.sample(body.schema)))}`)
  else if (body) lines.push('--data-binary @file')
  return lines.join(' \\\n  ')
}

/** As a shell takes it for one word. */
const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`
