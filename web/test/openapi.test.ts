import { describe, expect, it } from 'vitest'
import { curl, isMeant, OpenApiDocument } from '@/pages/system/openapi'
import own from '../../docs/openapi.json'

const written = {
  info: { description: 'About.' },
  paths: {
    '/b/{id}': {
      get: {
        tags: ['b'],
        operationId: 'getB',
        summary: 'Show a thing',
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'limit', in: 'query', required: true, schema: { type: 'integer', minimum: 5 } },
          { name: 'why', in: 'query', description: 'A reason.', schema: { type: ['string', 'null'] } },
        ],
        responses: {
          200: {
            description: 'OK',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
          },
          404: { $ref: '#/components/responses/NotFound' },
          default: { description: 'Else.' },
        },
      },
    },
    '/a': {
      post: {
        tags: ['a'],
        operationId: 'postA',
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
        responses: { 204: { description: 'No Content' } },
        security: [{ key: [] }, { cookie: [] }],
        'x-permissions': ['a:write'],
      },
      head: { operationId: 'unknown' },
    },
    '/broken': { get: 'nothing', post: { responses: 5, parameters: {}, security: [{}, { key: [] }] } },
  },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        required: ['name', 'kind', 'parts'],
        properties: {
          name: { type: 'string', description: "It's called so." },
          kind: { enum: ['small', 'large'] },
          parts: { type: 'array', items: { $ref: '#/components/schemas/Thing' } },
          at: { type: ['string', 'null'], format: 'date-time' },
          more: { type: 'object', additionalProperties: { type: 'integer', format: 'int64' } },
        },
      },
      Loop: { $ref: '#/components/schemas/Loop' },
      Spiral: { allOf: [{ $ref: '#/components/schemas/Spiral' }] },
    },
    responses: { NotFound: { description: 'It is not there.' } },
    securitySchemes: { key: { description: 'A key.' } },
  },
}

const document = new OpenApiDocument(written)
const operation = (id: string) => {
  const found = document.groups.flatMap(({ operations }) => operations).find((each) => each.id === id)
  if (!found) throw new Error(id)
  return found
}
const thing = { $ref: '#/components/schemas/Thing' }

describe('the document of an interface', () => {
  it('is read group by group', () => {
    expect(document.description).toBe('About.')
    expect(document.groups.map(({ name, operations }) => [name, operations.map(({ id }) => id)])).toEqual([
      ['', ['post /broken']],
      ['a', ['postA']],
      ['b', ['getB']],
    ])
  })
  it('says who may call', () => {
    expect(operation('postA')).toMatchObject({
      credentials: ['key', 'cookie'],
      anonymous: false,
      permissions: ['a:write'],
    })
    expect(operation('getB')).toMatchObject({ credentials: [], anonymous: true })
    expect(operation('post /broken')).toMatchObject({ credentials: ['key'], anonymous: true })
    expect([document.credential('key'), document.credential('cookie')]).toEqual(['A key.', ''])
  })
  it('says what goes in and what comes out', () => {
    const { parameters, answers, problems } = operation('getB')
    expect(parameters).toMatchObject([
      { name: 'id', place: 'path', type: 'string', required: true },
      { name: 'limit', place: 'query', type: 'integer', required: true },
      { name: 'why', place: 'query', type: 'string | null', required: false, description: 'A reason.' },
    ])
    expect(answers).toEqual([
      { status: '200', description: 'OK', body: { mediaType: 'application/json', schema: thing } },
    ])
    expect(problems).toEqual([
      { status: '404', description: 'It is not there.', body: undefined },
      { status: 'default', description: 'Else.', body: undefined },
    ])
    expect(operation('postA').body?.schema).toEqual(thing)
  })
  it('names types in a few words, and what is in them', () => {
    expect(document.typeOf(thing)).toBe('Thing')
    expect(document.typeOf({ oneOf: [{ type: 'null' }, thing] })).toBe('null | Thing')
    expect(document.typeOf({})).toBe('any')
    expect(document.fieldsOf(thing).map(({ name, type, required }) => [name, type, required])).toEqual([
      ['name', 'string', true],
      ['kind', '"small" | "large"', true],
      ['parts', 'Thing[]', true],
      ['at', 'string (date-time) | null', false],
      ['more', '{ [name]: integer (int64) }', false],
    ])
    expect(document.fieldsOf({ type: 'array', items: thing })).toHaveLength(5)
    expect(document.fieldsOf({ type: 'string' })).toEqual([])
  })
  it('is not followed for ever where it leads in a circle', () => {
    expect(document.fieldsOf({ $ref: '#/components/schemas/Loop' })).toEqual([])
    expect(document.fieldsOf({ $ref: '#/components/schemas/Spiral' })).toEqual([])
    expect(JSON.stringify(document.sample(thing)).length).toBeLessThan(1000)
  })
  it('may be anything at all', () => {
    for (const odd of [null, 5, 'x', [], { paths: [] }, { paths: { '/x': null } }, { info: 5, paths: 5 }])
      expect(new OpenApiDocument(odd).groups).toEqual([])
  })
  it('is found by words', () => {
    expect(isMeant(operation('postA'), 'WRITE /a')).toBe(true)
    expect(isMeant(operation('postA'), 'thing')).toBe(false)
    expect(isMeant(operation('getB'), 'show get')).toBe(true)
  })
})

describe('an example of a call', () => {
  it('is what a shell takes', () => {
    expect(curl(document, operation('getB'), 'https://x.test')).toBe("curl 'https://x.test/b/{id}?limit=5'")
    const [first, second, third, fourth] = curl(document, operation('postA'), 'https://x.test').split(
      ' \\\n  ',
    )
    expect([first, second, third]).toEqual([
      "curl -X POST 'https://x.test/a'",
      '-H "Authorization: Bearer $TOKEN"',
      "-H 'Content-Type: application/json'",
    ])
    expect(fourth).toMatch(/^-d '\{"name":"text","kind":"small","parts":\[/)
  })
  it('is there for everything that this server has', () => {
    const served = new OpenApiDocument(own)
    expect(served.groups.length).toBeGreaterThan(10)
    for (const each of served.groups.flatMap(({ operations }) => operations)) {
      expect(curl(served, each, '')).toContain(each.path)
      for (const name of each.credentials) expect(served.credential(name)).not.toBe('')
    }
  })
})
