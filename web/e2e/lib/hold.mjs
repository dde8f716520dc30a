// The hold as whoever runs the server sees it, and devices that are let in.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { INTRUSION, intruded } from './intruder.mjs'
import { visitor } from './visitor.mjs'

/** What the server is started with, so that there is something to decide. */
export function settings(dir) {
  const file = path.join(dir, 'tiers.json')
  const tiers = { deckhand: { quota: '5MB' }, bosun: { quota: '50MB' } }
  fs.writeFileSync(file, JSON.stringify({ tiers, defaults: { new_crew_tier: 'deckhand' } }))
  return { REGISTRY_QUOTA_FILE: file, REGISTRY_GC_GRACE: '0' }
}

export async function hold({ stage, operator: { page, go }, bob }, pusher) {
  await go('/registry/hold')
  const about = page.getByRole('region', { name: 'What it is' })
  await about.getByText(/^did:web:127/).waitFor()
  await about.getByText('a folder of this machine').waitFor()
  await page
    .getByRole('table', { name: 'Tiers' })
    .getByRole('row', { name: /deckhand default 5\.0 MB/ })
    .waitFor()

  const crew = page.getByRole('region', { name: 'Crew' })
  const form = crew.getByRole('form', { name: 'Take on' })
  await form.getByRole('textbox', { name: 'Handle or DID' }).fill('nobody.nowhere.test')
  await form.getByRole('button', { name: 'Take on' }).click()
  await page.getByText(/[Nn]obody is called nobody\.nowhere\.test/).waitFor()
  await form.getByRole('textbox', { name: 'Handle or DID' }).fill(`@${bob.handle}`)
  await form.getByRole('button', { name: 'Take on' }).click()
  await page.getByText(`${bob.handle} is of the crew.`).waitFor()
  const member = crew.getByRole('table').getByRole('row', { name: /Push and pull/ })
  await member
    .getByRole('combobox', { name: /^Tier of/ })
    .or(member.getByRole('textbox', { name: /^Tier of/ }))
    .click()
  await page.getByRole('option', { name: /^bosun/ }).click()
  await page.getByText('Saved.').first().waitFor()
  const ask = (to) => page.evaluate(async (to) => (await fetch(to)).json(), stage.url + to)
  const { crew: listed } = await ask('/admin/registry/crew')
  assert.deepEqual(
    listed.map(({ did, permissions, tier }) => [did, permissions, tier]),
    [[bob.did, ['blob:write'], 'bosun']],
  )

  await mayNot(page, stage.url)
  await garbage({ stage, page, ask }, pusher)
  await go('/registry/hold')
  await page
    .getByRole('table', { name: 'Who has how much' })
    .getByRole('link', { name: 'alice.test' })
    .waitFor()
  await member.getByRole('button', { name: /^Let go/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Let go' }).click()
  await crew.getByText('Nobody is of the crew.').waitFor()
  // Back, for the pictures.
  await form.getByRole('textbox', { name: 'Handle or DID' }).fill(bob.did)
  await form.getByRole('button', { name: 'Take on' }).click()
  await member.waitFor()
}

/** Who may only look may not decide, whatever the app shows. */
async function mayNot(page, url) {
  const key = await page.evaluate(async (address) => {
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify({ name: 'looks on', permissions: ['stats:read'] })
    return (await (await fetch(address, { method: 'POST', headers, body })).json()).key
  }, `${url}/admin/api-keys`)
  const status = async (method, what) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const body = method === 'POST' ? JSON.stringify({ account: 'did:web:mallory.example' }) : undefined
    return (await fetch(`${url}/admin/registry/${what}`, { method, headers, body })).status
  }
  for (const what of ['hold', 'crew', 'usage', 'collect']) assert.equal(await status('GET', what), 200, what)
  for (const what of ['crew', 'collect']) assert.equal(await status('POST', what), 403, what)
  assert.equal(await status('DELETE', 'crew/did:web:mallory.example'), 403)
}

/** Sends a layer that no image will need. */
async function litter(url, { handle, password }) {
  const basic = { authorization: `Basic ${Buffer.from(`${handle}:${password}`).toString('base64')}` }
  const query = `service=${new URL(url).host}&scope=repository:${handle}/app:pull,push`
  const { token } = await (await fetch(`${url}/auth/token?${query}`, { headers: basic })).json()
  const headers = { authorization: `Bearer ${token}` }
  const begun = await fetch(`${url}/v2/${handle}/app/blobs/uploads/`, { method: 'POST', headers })
  assert.equal(begun.status, 202)
  const bytes = randomBytes(1000)
  const to = new URL(begun.headers.get('location'), url)
  to.searchParams.set('digest', `sha256:${createHash('sha256').update(bytes).digest('hex')}`)
  const put = await fetch(to, { method: 'PUT', headers, body: bytes })
  assert.equal(put.status, 201)
}

/** A layer that no image needs goes when somebody says so; what an image needs stays. */
async function garbage({ stage, page, ask }, pusher) {
  const { needed } = await ask('/admin/registry/hold')
  assert.ok(needed.bytes > 0, 'an image was pushed before')
  await litter(stage.url, pusher)
  const card = page.getByRole('region', { name: 'Garbage collection' })
  await card.getByRole('button', { name: 'Collect now' }).click()
  await page.getByText('Garbage is being collected.').waitFor()
  await card.getByRole('row', { name: /completed \d+ 1 1\.0 kB/ }).waitFor()
  const { stored } = await ask('/admin/registry/hold')
  assert.equal(stored.bytes, needed.bytes)
}

/** A device asks, and somebody who is signed in lets it in, or does not. */
export async function devices({ stage }, { handle, password }) {
  const { page, go, complaints, context } = await visitor(stage.browser, stage.url)
  await go('/registry/hold')
  await page.getByRole('textbox', { name: 'Your handle' }).waitFor()
  assert.equal(await page.getByRole('region', { name: 'Crew' }).count(), 0, 'a stranger sees the crew')
  await go('/registry/mine')
  await page.getByRole('tab', { name: 'With an account of this server' }).click()
  await page.getByRole('textbox', { name: 'Your handle' }).fill(handle)
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByText('No device may push in your name.').waitFor()
  const name = `laptop ${INTRUSION}`.slice(0, 100)

  const refused = await asks(stage.url, name)
  await decide(page, go, refused.user_code, 'Deny')
  assert.deepEqual(await told(stage.url, refused), { status: 400, error: 'access_denied' })

  const device = await asks(stage.url, name)
  await decide(page, go, device.user_code.toLowerCase(), 'Approve')
  const { status, secret } = await told(stage.url, device)
  assert.equal(status, 200)
  // With its secret it gets a token that is good for pushing.
  const basic = Buffer.from(`${handle}:${secret}`).toString('base64')
  const scope = `repository:${handle}/app:pull,push`
  const service = new URL(stage.url).host
  const token = await fetch(`${stage.url}/auth/token?service=${service}&scope=${scope}`, {
    headers: { authorization: `Basic ${basic}` },
  })
  assert.equal(token.status, 200)

  await go('/registry/mine')
  await page.getByRole('table', { name: 'Devices' }).getByText('laptop').waitFor()
  assert.equal(await page.evaluate(intruded), false, 'what a device calls itself runs')
  await page
    .getByRole('table', { name: 'Devices' })
    .getByRole('button', { name: /^Delete/ })
    .click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('No device may push in your name.').waitFor()
  assert.deepEqual(complaints, [])
  await context.close()
}

async function asks(url, device_name) {
  const answer = await fetch(`${url}/auth/device/code`, {
    method: 'POST',
    body: new URLSearchParams({ device_name }),
  })
  assert.equal(answer.status, 200)
  return answer.json()
}

/** Types the code in where one's devices are, and says so on the page behind it. */
async function decide(page, go, code, button) {
  await go('/registry/mine')
  await page.getByRole('textbox', { name: 'Let a device in' }).fill(code)
  await page.getByRole('button', { name: 'Look at it' }).click()
  await page.getByRole('heading', { name: 'Let a device in?' }).waitFor()
  await page.getByText('laptop').waitFor()
  assert.equal(await page.evaluate(() => globalThis.intruded), undefined, 'what a device calls itself runs')
  await page.getByRole('button', { name: button }).first().click()
  await page.waitForURL(/\/device\/approve/)
}

/** What the device is told. */
async function told(url, { device_code }) {
  const answer = await fetch(`${url}/auth/device/token`, {
    method: 'POST',
    body: new URLSearchParams({ device_code, grant_type: 'urn:ietf:params:oauth:grant-type:device_code' }),
  })
  const { error, device_secret } = await answer.json()
  return answer.ok ? { status: answer.status, secret: device_secret } : { status: answer.status, error }
}
