// The client against a real server.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { BelvedereError, createAdminClient, data } from '@belvedere/admin-client'
import { server } from './server.mjs'

const real = await server()
const skip = real ? false : 'neither BELVEDERE_URL and BELVEDERE_KEY nor BELVEDERE is set'
const { baseUrl, apiKey, stop } = real ?? { baseUrl: '', apiKey: '', stop: async () => {} }
const client = createAdminClient({ baseUrl, apiKey })

const id = 'com.example.adminClient'
const lexicon_json = { lexicon: 1, id, defs: { main: { type: 'query' } } }

const remove = () => client.DELETE('/admin/lexicons/{id}', { params: { path: { id } } })
before(() => (real ? remove() : undefined))
after(async () => {
  if (real) await remove()
  await stop()
})

test('what is public needs no key', { skip }, async () => {
  const config = await data(createAdminClient({ baseUrl }).GET('/config'))
  assert.equal(typeof config.version, 'string')
  const document = /** @type {{ paths: object }} */ (await data(client.GET('/admin/openapi.json')))
  assert.ok('/admin/lexicons' in document.paths)
})

test('a lexicon comes and goes', { skip }, async () => {
  const stored = await data(client.POST('/admin/lexicons', { body: { lexicon_json } }))
  assert.equal(stored.id, id)
  const listed = await data(client.GET('/admin/lexicons'))
  assert.ok(listed.some((lexicon) => lexicon.id === id && lexicon.lexicon_type === 'query'))
  const shown = await data(client.GET('/admin/lexicons/{id}', { params: { path: { id } } }))
  assert.deepEqual(shown.lexicon_json, lexicon_json)
  assert.equal(await data(remove()), undefined)
})

test('a problem is an error with a status and, if it has one, a name', { skip }, async () => {
  await assert.rejects(data(createAdminClient({ baseUrl }).GET('/admin/lexicons')), (error) => {
    assert.ok(error instanceof BelvedereError)
    assert.equal(error.status, 401)
    return true
  })
  const reader = await data(
    client.POST('/admin/api-keys', { body: { name: 'reader', permissions: ['lexicons:read'] } }),
  )
  const reading = createAdminClient({ baseUrl, apiKey: reader.key })
  await data(reading.GET('/admin/lexicons'))
  await assert.rejects(data(reading.GET('/admin/users')), (error) => {
    assert.ok(error instanceof BelvedereError)
    assert.deepEqual([error.status, error.problem], [403, 'InsufficientPermissions'])
    return true
  })
  await data(client.DELETE('/admin/api-keys/{id}', { params: { path: { id: reader.id } } }))
})

test('the example in the README runs', { skip }, async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const example = /```js\n(.*?)```/s.exec(readme)?.[1]
  assert.ok(example, 'there is one')
  const env = { ...process.env, BELVEDERE_URL: baseUrl, BELVEDERE_KEY: apiKey }
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const { stdout } = await promisify(execFile)('node', ['--input-type=module', '--eval', example], {
    cwd,
    env,
  })
  assert.match(stdout, /^com\.example\.greet is a query\n/m)
})
