// What the network writes for the sample apps fits their lexicons, judged by the reference validator.
import test from 'node:test'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { makeRecord } from '../lib/content.mjs'
import { readLexicons } from '../lib/cli/options.mjs'

const { Lexicons } = createRequire(import.meta.url)('@atproto/lexicon')

const SAMPLES = fileURLToPath(new URL('../../../lexicons', import.meta.url))
const COLLECTIONS = [
  'xyz.statusphere.status',
  'dev.belvedere.demo.post',
  'dev.belvedere.demo.reply',
  'dev.belvedere.demo.like',
]
const STRONG_REF = {
  lexicon: 1,
  id: 'com.atproto.repo.strongRef',
  defs: {
    main: {
      type: 'object',
      required: ['uri', 'cid'],
      properties: { uri: { type: 'string', format: 'at-uri' }, cid: { type: 'string', format: 'cid' } },
    },
  },
}

test('sample lexicons are where their NSID says', () => {
  for (const { id } of readLexicons(SAMPLES))
    assert.ok(fs.existsSync(`${SAMPLES}/${id.replaceAll('.', '/')}.json`), id)
})

test('records of the sample apps are valid', () => {
  const lexicons = new Lexicons([STRONG_REF, ...readLexicons(SAMPLES)])
  for (const collection of COLLECTIONS)
    for (let index = 0; index < 100; index++) {
      const accounts = index % 2 ? [] : ['did:plc:ewvi7nxzyoun6zhxrhs64oiz']
      const record = makeRecord({ seed: 'test', collection, account: 0, index, accounts, edit: index % 3 })
      lexicons.assertValidRecord(collection, record)
    }
  assert.throws(() =>
    lexicons.assertValidRecord(COLLECTIONS[0], { $type: COLLECTIONS[0], status: 'two words' }),
  )
})
