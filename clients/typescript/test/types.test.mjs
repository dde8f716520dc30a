// What the compiler must refuse: `npm run check` fails where one of these lines is no mistake. None of it is called.

import { test } from 'node:test'
import { BelvedereError, createAdminClient } from '@belvedere/admin-client'
import assert from 'node:assert/strict'

const client = createAdminClient({ baseUrl: 'http://127.0.0.1:1' })

export const mistakes = [
  // @ts-expect-error: no such path
  () => client.GET('/admin/lexicon'),
  // @ts-expect-error: the path has a parameter
  () => client.GET('/admin/lexicons/{id}'),
  // @ts-expect-error: nothing is stored without a document
  () => client.POST('/admin/lexicons', { body: {} }),
  // @ts-expect-error: the id of an entry is a number
  () => client.DELETE('/admin/service-entries/{id}', { params: { path: { id: 'one' } } }),
  // @ts-expect-error: records are listed by collection
  () => client.GET('/admin/records'),
]

test('a problem keeps what the server said of it', () => {
  const named = new BelvedereError(403, {
    error: 'InsufficientPermissions',
    message: 'Missing permission: x',
  })
  assert.deepEqual([named.message, named.problem], ['Missing permission: x', 'InsufficientPermissions'])
  const unnamed = new BelvedereError(500, { error: 'Internal server error', correlationId: 'abc' })
  assert.deepEqual([unnamed.message, unnamed.problem], ['Internal server error', undefined])
  assert.equal(unnamed.correlationId, 'abc')
})

test('an answer of something else is still an error', () => {
  assert.equal(new BelvedereError(502, '<html>').message, 'the server answered 502')
  assert.equal(new BelvedereError(502, undefined).message, 'the server answered 502')
})
