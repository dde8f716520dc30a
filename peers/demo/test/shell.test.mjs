// What a shell line is meant to say is what arrives.
import test from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { quotedJson, readable } from '../lib/shell.mjs'

test('the shell changes nothing in a quoted value', () => {
  const value = { text: `it's "$HOME" \\ \`date\`\n'';`, list: ['☔', 1] }
  const line = `printf %s ${quotedJson(value)}`
  assert.deepEqual(JSON.parse(execFileSync('sh', ['-c', line], { encoding: 'utf8' })), value)
})

test('parameters are read as they were meant', () => {
  const parameters = { uri: 'at://did:plc:a/b.c.d/e', text: `it's + & = % ☔` }
  const query = readable(parameters)
  assert.match(query, /^uri=at:\/\/did:plc:a\/b\.c\.d\/e&/)
  assert.ok(!query.includes("'"), 'it would end the quotes')
  assert.deepEqual(Object.fromEntries(new URLSearchParams(query)), parameters)
})
