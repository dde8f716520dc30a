// A network with a data directory survives its process.
import test from 'node:test'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Network } from '../../lib/network.mjs'
import { NOTE } from '../support.mjs'

/** On fixed ports, below those the system gives to outgoing connections. */
async function startAnywhere(options) {
  for (let tries = 1; ; tries++) {
    const base = 10_000 + Math.floor(Math.random() * 10_000)
    try {
      return { base, network: await Network.start({ basePort: base, ...options }) }
    } catch (err) {
      if (err.code !== 'EADDRINUSE' || tries === 5) throw err
    }
  }
}

test('a network with a data directory comes back as it was; same seed gives the same DIDs', async () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'atproto-network-test-'))
  const { base, network: one } = await startAnywhere({ dataDir: dir, seed: 'again' })
  await one.repos.seedContent({ accounts: 2, records: 3 })
  await one.labeler.apply([{ uri: one.accounts.list[0].did, val: 'x' }])
  const dids = one.accounts.dids
  const events = one.relay.jetstream.log.events.map((e) => [e.t, e.seq, String(e.v1)])
  await one.close()
  const two = await Network.start({ basePort: base, dataDir: dir, seed: 'again' })
  assert.deepEqual(two.accounts.dids, dids)
  assert.deepEqual(
    two.relay.jetstream.log.events.map((e) => [e.t, e.seq, String(e.v1)]),
    events,
  )
  await two.repos.putRecord({
    account: dids[0],
    collection: NOTE,
    record: { $type: NOTE, text: 'after restart' },
  })
  await two.relay.settle()
  assert.equal(two.relay.jetstream.log.events.length, events.length + 1)
  assert.ok(two.relay.jetstream.log.events.at(-1).t > events.at(-1)[0])
  await two.close()
  const three = await Network.start({ basePort: base, seed: 'again' })
  await three.accounts.add(2)
  assert.deepEqual(three.accounts.dids, dids)
  await three.close()
  fs.rmSync(dir, { recursive: true, force: true })
})
