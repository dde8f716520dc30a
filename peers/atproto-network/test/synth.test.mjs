// The synthetic stream is what synthetic-stream.md says, bit for bit.
import test from 'node:test'
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { Synth } from '../lib/synth/synth.mjs'

test('check value of the first 30 000 events', () => {
  const hash = createHash('sha256')
  const synth = new Synth()
  for (let k = 0; k < 30_000; k++) hash.update(JSON.stringify(synth.event(k)) + '\n')
  assert.equal(hash.digest('hex'), '9bf4925e310c87a6db4ee1858e3d452e0ca76b9f49fb7894120f99c09fdca7d8')
})

test('live records after whole blocks are as many as computed', () => {
  const synth = new Synth({ accounts: 500 })
  const blocks = 8
  const live = new Map()
  for (let k = 0; k < blocks * 1000; k++) {
    const { did, commit } = synth.event(k)
    if (!commit) continue
    if (!live.has(commit.collection)) live.set(commit.collection, new Set())
    const keys = live.get(commit.collection)
    if (commit.operation === 'delete') keys.delete(`${did}/${commit.rkey}`)
    else keys.add(`${did}/${commit.rkey}`)
  }
  const lag = blocks - 3
  assert.equal(live.get('app.bsky.feed.like').size, 600 * blocks - 80 * lag)
  assert.equal(live.get('app.bsky.feed.post').size, 120 * blocks - 15 * lag)
  assert.equal(live.get('app.bsky.graph.follow').size, 80 * blocks - 15 * lag)
  assert.equal(live.get('app.bsky.feed.repost').size, 60 * blocks - 10 * lag)
  assert.equal(live.get('com.example.demo.note').size, 3 * blocks + 3)
})
