// What goes wrong and what goes on in the background: scripts that fail, jobs, machines that meet on the relay, labels.
import assert from 'node:assert/strict'
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { asker, until } from './ask.mjs'
import { intruded } from './intruder.mjs'

const STATUS = 'xyz.statusphere.status'

/** A script fails for good; what it left is tried again, stored as it is, and dismissed. */
export async function deadLetters({ stage, operator: { page, go }, ann, status }) {
  const ask = asker(page, stage.url)
  const id = `record.index:${STATUS}`
  const script = (body) => ask('POST', '/admin/scripts', { id, body, description: 'fails on purpose' })
  await script(
    'function handle() if record.status:sub(1, 3) == "bad" then error("<b>on purpose</b>") end return record end',
  )
  for (const text of ['bad one', 'bad two', 'bad three']) await status(ann, text)
  await go('/dead-letters')
  await until(async () => (await ask('GET', '/admin/dead-letters')).dead_letters.length === 3)
  await go('/dead-letters')
  await page.getByText('on purpose').first().waitFor()
  assert.equal(await page.locator('main td b').count(), 0, 'an error is text')
  const waiting = (count) =>
    page.waitForFunction((count) => document.querySelectorAll('main tbody tr').length === count, count)
  const openFirst = () => page.locator('main tbody tr').first().locator('button.link').click()
  const dialog = page.getByRole('dialog')

  await openFirst()
  await dialog.getByText(/"bad (one|two|three)"/).waitFor()
  await dialog.getByRole('button', { name: /^Dismiss/ }).click()
  await waiting(2)
  // Tried again without a change it fails again, and stays.
  await openFirst()
  await dialog.getByRole('button', { name: /^(Run|Try|Retry)/ }).click()
  await page
    .getByText(/on purpose/)
    .last()
    .waitFor()
  await script('function handle() return record end')
  await go('/dead-letters')
  await openFirst()
  await dialog.getByRole('button', { name: /^(Run|Try|Retry)/ }).click()
  await waiting(1)
  await script('function handle() error("again") end')
  await page.getByRole('button', { name: /[Dd]ismiss all/ }).click()
  await dialog.getByRole('button', { name: /[Dd]ismiss all/ }).click()
  await page.locator('main tbody').waitFor({ state: 'detached' })
  await page.getByText('resolved', { exact: true }).click()
  await waiting(3)
  await ask('DELETE', `/admin/scripts/${encodeURIComponent(id)}`)
}

/** Jobs that a script makes: one that says how far it is and waits, and one that fails. */
export async function jobs({ stage, operator: { page, go } }) {
  const ask = asker(page, stage.url)
  const made = 'xrpc.query:xyz.statusphere.getStatuses'
  const scripts = {
    [made]:
      'function handle() return { ids = { jobs.create("fails", nil, { attempts = 1 }), jobs.create("steps", { to = 300 }) } } end',
    'job.run:steps': `function handle()
  for i = 1, job.input.to do
    if job.should_stop() then return { at = i } end
    job.progress{ step = i }
    if i <= 3 then log("step " .. i) end
    job.wait(0.2)
  end
  return { done = true }
end`,
    'job.run:fails': 'function handle() error("it does not work") end',
  }
  for (const [id, body] of Object.entries(scripts))
    await ask('POST', '/admin/scripts', { id, body, description: 'makes work' })
  await ask('GET', '/xrpc/xyz.statusphere.getStatuses')
  await go('/jobs')
  await page.getByRole('row', { name: /fails failed/ }).waitFor()
  await page.getByRole('row', { name: /steps running/ }).waitFor()
  await page.getByRole('link', { name: 'steps' }).click()
  await page.getByText('step 3').waitFor()
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText('paused', { exact: true }).first().waitFor()
  await page.getByRole('button', { name: 'Resume' }).click()
  await page.getByText('running', { exact: true }).first().waitFor()
  await page.getByRole('button', { name: /^Cancel/ }).click()
  const sure = page.getByRole('dialog').getByRole('button', { name: /^Cancel/ })
  if (await sure.count()) await sure.last().click()
  await page.getByText('cancelled', { exact: true }).first().waitFor()
  await go('/jobs?status=failed')
  await page.getByRole('link', { name: 'fails' }).click()
  await page.getByText('it does not work').first().waitFor()
  await ask('DELETE', `/admin/scripts/${encodeURIComponent(made)}`)
}

/** Two machines have accounts on the relay and meet there; the operator sees that they are there, and nothing of what they say. */
export async function relay({ stage, operator: { page, go } }) {
  const call = async (token, method, path, body) => {
    const answer = await fetch(stage.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: body && JSON.stringify(body),
    })
    assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`)
    return answer.json()
  }
  const signIn = async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const challenge = randomBytes(32)
    const { token } = await call(null, 'POST', '/v1/auth', {
      publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64'),
      challenge: challenge.toString('base64'),
      signature: sign(null, challenge, privateKey).toString('base64'),
    })
    return token
  }
  const [laptop] = await Promise.all([signIn(), signIn()])
  const secret = randomBytes(24).toString('base64')
  await call(laptop, 'POST', '/v1/machines', { id: 'laptop', metadata: secret })
  await call(laptop, 'POST', '/v1/sessions', { tag: 'one', metadata: secret })
  await go('/sync')
  await page.getByRole('row', { name: /– 1 1 0/ }).waitFor()
  assert.equal(await page.getByRole('row').count(), 3)
  assert.ok(!(await page.content()).includes(secret), 'what is encrypted is nobody’s here')
  await page
    .getByRole('row', { name: /– 1 1 0/ })
    .getByRole('button', { name: /[Rr]evoke/ })
    .click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /[Rr]evoke/ })
    .click()
  await page
    .getByRole('row', { name: /– 1 1 0/ })
    .getByRole('button', { name: /[Rr]evoke/, disabled: true })
    .waitFor()
  const headers = { authorization: `Bearer ${laptop}` }
  await until(async () => (await fetch(`${stage.url}/v1/sessions`, { headers })).status === 401)
}

/** Labels and handles whose every word is an attack, and a README of an image. */
export async function words({ stage, operator: { page, go }, ann }, intrusion, { handle, password }) {
  const json = { 'content-type': 'application/json', origin: stage.url }
  const session = await fetch(`${stage.url}/api/registry/session`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ handle, password }),
  })
  const cookie = session.headers.get('set-cookie').split(';')[0]
  const description = `# Read me ${intrusion}\n\n[click](javascript:globalThis.intruded=1)\n\n${intrusion}`
  const about = `${stage.url}/api/registry/repos/page?repository=${handle}/app`
  const written = await fetch(about, {
    method: 'PUT',
    headers: { ...json, cookie },
    body: JSON.stringify({ description }),
  })
  assert.equal(written.status, 204)
  const record = await stage.network.write(ann.handle, 'create', STATUS, {
    record: {
      $type: STATUS,
      status: 'labelled',
      createdAt: new Date().toISOString(),
      labels: {
        $type: 'com.atproto.label.defs#selfLabels',
        values: [{ val: intrusion.slice(0, 128) }],
      },
    },
  })
  assert.ok(record)
  const seen = async (to, text) => {
    await go(to)
    if (text) await page.getByText(text).first().waitFor()
    assert.equal(await page.evaluate(intruded), false, `${to} runs what somebody wrote`)
  }
  await seen(`/records?collection=${STATUS}`, 'labelled')
  await page
    .getByRole('row', { name: /labelled/ })
    .getByRole('button')
    .first()
    .click()
  await page.getByRole('dialog').getByText('selfLabels').waitFor()
  assert.equal(await page.evaluate(intruded), false, 'a record with labels runs them')
  await page.keyboard.press('Escape')
  for (const to of [
    '/social/u/',
    '/registry/u/',
    '/registry/r/',
    '/social/search?q=',
    '/records?collection=',
  ])
    await seen(to + encodeURIComponent(intrusion))
  await seen(`/registry/r/${handle}/app?tab=about`, 'Read me')
  assert.equal(await page.locator('[href^=javascript]').count(), 0)
}
