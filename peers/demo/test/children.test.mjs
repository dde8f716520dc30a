// Children are started, watched and stopped, however they behave.
import test from 'node:test'
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { Child, stopAll } from '../lib/children.mjs'

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'belvedere-demo-test-'))
test.after(() => fs.rmSync(dir, { recursive: true }))

let number = 0
function start(script, onCrash = assert.fail) {
  const log = path.join(dir, `${number++}.log`)
  return Child.start(process.execPath, ['-e', script], { env: process.env, cwd: dir, log, onCrash })
}
const READY = `console.log('{"event":"ready"}'); setInterval(() => {}, 1000);`

test('the first line is the ready line; stopping is no crash', async () => {
  const child = await start(READY)
  assert.deepEqual(child.ready, { event: 'ready' })
  await stopAll()
  assert.equal(child.process.signalCode, 'SIGTERM')
  await child.stop() // again: nothing happens
})

test('kill -9 is no crash either', async () => {
  const child = await start(READY)
  await child.kill()
  assert.equal(child.process.signalCode, 'SIGKILL')
})

test('a child that ends by itself is reported with its last words', async () => {
  const crashed = new Promise((resolve) =>
    start(READY + `setTimeout(() => { console.error('no disk'); process.exit(7) }, 50)`, resolve),
  )
  assert.match((await crashed).message, /exit code 7; its last words:\nno disk/)
})

test('a child that never becomes ready is an error', async () => {
  await assert.rejects(
    start(`console.error('bad flag'); process.exit(2)`, () => {}),
    /exit code 2.*\nbad flag/,
  )
})

test('so is a program that is not there', async () => {
  const options = { env: {}, cwd: dir, log: path.join(dir, 'none.log'), onCrash() {} }
  await assert.rejects(Child.start(path.join(dir, 'none'), [], options), { code: 'ENOENT' })
})
