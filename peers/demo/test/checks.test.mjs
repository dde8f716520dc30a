// The judge must be able to say no.
import test from 'node:test'
import assert from 'node:assert/strict'
import { Checks, difference } from '../lib/checks.mjs'

const quiet = () => ({
  lines: [],
  passed() {},
  failed(label, detail) {
    this.lines.push(label, detail)
  },
})

test('equal values pass whatever the order of their keys', () => {
  const checks = new Checks(quiet())
  checks.equal('same', { a: 1, b: [{ c: 2 }] }, { b: [{ c: 2 }], a: 1 })
  assert.deepEqual([checks.passed, checks.failed], [1, 0])
})

test('a missing field, a changed value, another order and another type fail', () => {
  const checks = new Checks(quiet())
  checks.equal('field', { a: 1 }, { a: 1, b: undefined })
  checks.equal('value', [{ a: 1 }], [{ a: 2 }])
  checks.equal('order', [1, 2], [2, 1])
  checks.equal('type', 1, '1')
  assert.deepEqual([checks.passed, checks.failed], [0, 4])
  assert.equal(checks.terminal.lines.length, 8)
})

test('of two lists only what differs is shown', () => {
  assert.equal(difference([1, 2, 3], [2, 3, 4]), 'missing [ 4 ]\ntoo much [ 1 ]')
  assert.match(difference([1, 2], [2, 1]), /^expected \[ 2, 1 \]/)
})
