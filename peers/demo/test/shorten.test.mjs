// Answers are shortened for reading, never changed otherwise.
import test from 'node:test'
import assert from 'node:assert/strict'
import { shorten } from '../lib/shorten.mjs'

test('what fits on a line stays on one', () => {
  assert.equal(
    shorten({ id: 'x', revision: 1, list: [1, 2] }),
    '{ "id": "x", "revision": 1, "list": [1, 2] }',
  )
  assert.equal(shorten([]), '[]')
  assert.equal(shorten({}), '{}')
  assert.equal(shorten(null), 'null')
})

test('lists show their first three elements, or four', () => {
  assert.equal(shorten([1, 2, 3, 4]), '[1, 2, 3, 4]')
  assert.equal(shorten([1, 2, 3, 4, 5]), '[\n  1,\n  2,\n  3,\n  … 2 more\n]')
})

test('long texts and long answers end with a sign', () => {
  assert.equal(shorten('x'.repeat(100)), `"${'x'.repeat(90)}…"`)
  const lines = shorten(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`key${i}`, i]))).split('\n')
  assert.equal(lines.length, 25)
  assert.equal(lines.at(-1), '… 8 more lines')
})
