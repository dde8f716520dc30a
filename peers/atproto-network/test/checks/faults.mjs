// Injected faults hit what they name, as often as they say.
import test from 'node:test'
import assert from 'node:assert/strict'
import { net, info, collect, get, subscribeUrl as sub, xrpc, NOTE } from '../support.mjs'

test('faults', async () => {
  const a = net.accounts.list[0]
  const url = xrpc(a.pds.url, 'com.atproto.repo.listRecords', { repo: a.did, collection: NOTE })
  net.faults.add({
    target: 'pds',
    match: 'listRecords',
    status: 429,
    count: 1,
    headers: { 'retry-after': '1' },
  })
  const r = await get(url)
  assert.deepEqual([r.status, r.json().error, r.headers['retry-after']], [429, 'RateLimitExceeded', '1'])
  assert.equal((await get(url)).status, 200)
  net.faults.add({ target: 'plc', drop: true })
  await assert.rejects(get(`${info.plc}/${a.did}`))
  net.faults.clear()
  net.faults.add({ target: 'jetstream', match: '/subscribe', status: 503, count: 1 })
  await assert.rejects(
    collect(sub(), () => true),
    { status: 503 },
  )
  net.faults.clear()
})
