// A subscriber that is thrown out while records are written loses nothing.
import test from 'node:test'
import assert from 'node:assert/strict'
import { sleep } from '../../lib/time.mjs'
import { WebSocket } from '../../lib/websocket.mjs'
import { net, subscribeUrl as sub } from '../support.mjs'

test('load, disconnect and resume without loss', async () => {
  const seen = []
  let cursor
  let stop = false
  const follow = (async () => {
    while (!stop) {
      await new Promise((done) => {
        const ws = new WebSocket(
          sub(`?wantedCollections=com.example.demo.load${cursor ? `&cursor=${cursor}` : ''}`),
        )
        ws.on('message', (d) => {
          const e = JSON.parse(d.toString('utf8'))
          if (e.time_us === cursor) return
          cursor = e.time_us
          if (e.kind === 'commit') seen.push(e)
          if (stop) ws.close()
        })
        ws.on('error', () => {})
        ws.on('close', done)
        const t = setInterval(() => stop && ws.close(), 50)
        ws.on('close', () => clearInterval(t))
      })
    }
  })()
  await sleep(200)
  const load = net.startLoad({ rate: 40, seconds: 3, collection: 'com.example.demo.load' })
  await sleep(1000)
  net.relay.disconnectAll()
  await load.finished
  await net.relay.settle()
  await sleep(500)
  stop = true
  await follow
  assert.equal(load.errors, 0, load.lastError)
  assert.equal(seen.length, load.done)
  assert.ok(load.counts.update > 0 && load.counts.delete > 0)
})
