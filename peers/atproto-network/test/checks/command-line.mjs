// The command line: one JSON line when ready, and no orphan when the parent is killed.
import test from 'node:test'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { request } from '../../lib/http.mjs'
import { sleep } from '../../lib/time.mjs'

const PROGRAM = fileURLToPath(new URL('../../bin/network.mjs', import.meta.url))
// A parent that passes on its child's output.
const PARENT = `require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' })`

test('start prints where everything is and ends with its parent', async () => {
  const options = ['--base-port', '0', '--accounts', '1', '--no-labeler', '--exit-with-parent']
  const parent = spawn(process.execPath, ['-e', PARENT, PROGRAM, 'start', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface({ input: parent.stdout }), 'line')
  const ready = JSON.parse(line)
  assert.equal(ready.event, 'ready')
  assert.equal(ready.accounts.length, 1)
  assert.equal(ready.labeler, null)
  assert.equal((await request('GET', `${ready.control}/accounts`)).json()[0].handle, ready.accounts[0].handle)
  parent.kill('SIGKILL')
  // The last request may be cut off; after that nobody listens.
  let code
  for (const end = Date.now() + 10_000; code !== 'ECONNREFUSED' && Date.now() < end; await sleep(100))
    code = await request('GET', `${ready.control}/info`).then(
      () => undefined,
      (error) => error.code,
    )
  assert.equal(code, 'ECONNREFUSED')
})
