// The app from end to end: against the server as it is, a real PDS, and a browser that complains about everything.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import test from 'node:test'
import { until } from './lib/ask.mjs'
import { fediverse, isInstalled, pictures } from './lib/fediverse.mjs'
import { devices, hold } from './lib/hold.mjs'
import { images } from './lib/images.mjs'
import { INTRUSION, intrude, intruded } from './lib/intruder.mjs'
import { walk } from './lib/keyboard.mjs'
import { FOUND, links, queries, search, validation } from './lib/records.mjs'
import { reference } from './lib/reference.mjs'
import { has, missing, PUSHER, setUp } from './lib/stage.mjs'
import { deadLetters, jobs, relay, words } from './lib/trouble.mjs'
import { accessibility, open, SIZES, signIn, turn, visitor } from './lib/visitor.mjs'

const STATUS = 'xyz.statusphere.status'

/** What the app loads first may have, compressed. */
const FIRST_LOAD = 250_000

const skip = missing()
if (skip) process.stderr.write(`SKIPPED: the tests of the web app: ${skip}\n`)

const shots = process.env.SCREENSHOTS

test('the web app', { skip: skip ?? false }, async (t) => {
  const stage = await setUp()
  t.after(() => stage.end())
  const [ann] = await stage.network.call('POST', '/accounts', { handle: 'ann.test' })
  const [bob] = await stage.network.call('POST', '/accounts', { handle: 'bob.test' })
  const operator = await visitor(stage.browser, stage.url)
  const { page, go } = operator
  const status = (of, text) =>
    stage.network.write(of.handle, 'create', STATUS, {
      record: { $type: STATUS, status: text, createdAt: new Date().toISOString() },
    })
  const story = { stage, operator, ann, bob, status }

  // What comes later stands on what was set up first.
  let broken = false
  const step = (name, ...rest) => {
    const work = rest.pop()
    const skip = broken && 'an earlier step has failed'
    return t.test(name, { skip, ...rest[0] }, async () => {
      try {
        await work()
      } catch (error) {
        broken ||= name.startsWith('is set up')
        if (shots) await picture(page, `failed ${name}`, 'desk')
        throw error
      }
    })
  }
  await step('comes with headers that let nothing in', () => headers(stage))
  await step('asks strangers who they are', () => strangers(story))
  await step('is set up in a minute, and shows what comes in', () => firstRun(story))
  await step('shows lexicons and lets one try them', () => lexicons(story))
  await step('says what queries are answered with', () => queries(story))
  await step('finds records by fields and words', () => search(story))
  await step('lists records that are not as their lexicon says', () => validation(story))
  await step('shows what links to a record, and leads there', () => links(story))
  await step('writes, tries and removes scripts', () => scripts(story))
  await step('fetches what was written before', () => backfill(story))
  await step('keeps users, keys, clients, variables and domains', () => housekeeping(story))
  await step('shows an image that was pushed', has('skopeo') ? {} : { skip: 'skopeo is not installed' }, () =>
    images(story, PUSHER),
  )
  await step(
    'shows the hold, its crew and its garbage',
    has('skopeo') ? {} : { skip: 'skopeo is not installed' },
    () => hold(story, PUSHER),
  )
  await step('lets devices in, and turns them away', () => devices(story, PUSHER))
  await step('is a microblog with live updates', () => microblog(story))
  let far
  await step(
    'is one server among many',
    isInstalled() ? {} : { skip: 'peers/activitypub is not installed' },
    async () => {
      far = await fediverse(story)
    },
  )
  await step('shows pictures to whoever sees them or not', () => pictures(story, far))
  await step('deals with what a script could not', () => deadLetters(story))
  await step('shows what goes on in the background', () => jobs(story))
  await step('shows who meets on the relay, and not what they say', () => relay(story))
  await step('says what programs may ask', () => reference(story))
  await step('leads anywhere by keyboard', () => palette(story))
  await step('runs nothing that others wrote', () => intruder(story))
  await step('runs no label, name or text about an image', () => words(story, INTRUSION, PUSHER))
  await step('is small, and nothing moves', () => quick(story))
  for (const to of [...PAGES, ...FOUND(ann)])
    await t.test(`is accessible and fits: ${to}`, { skip: broken }, () => fits(story, to))
  await t.test('gave the browser nothing to complain about', () => assert.deepEqual(operator.complaints, []))
  await t.test('ends a session', async () => {
    await go('/')
    await page.getByRole('button', { name: 'Your account' }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('textbox', { name: 'Your handle' }).waitFor()
  })
})

const PAGES = [
  ...[
    '/',
    '/setup',
    '/lexicons',
    '/lexicons/new',
    `/lexicons/${STATUS}`,
    '/lexicons/xyz.statusphere.getStatuses?tab=try',
  ],
  ...[
    `/records?collection=${STATUS}`,
    '/queries',
    '/backfills',
    '/scripts',
    '/scripts/new',
    '/labelers',
    '/dead-letters',
    '/jobs',
  ],
  ...['/registry', '/registry/search?q=app', '/registry/mine', '/registry/hold', '/registry/u/alice.test'],
  ...[
    '/registry/r/alice.test/app',
    '/registry/r/alice.test/app?tab=image',
    '/registry/r/alice.test/app?tab=tags',
  ],
  ...[
    '/social',
    '/social/notifications',
    '/social/search',
    '/social/settings',
    '/social/moderation',
    '/social/u/ann',
  ],
  ...['/sync', '/users', '/keys', '/clients', '/variables', '/events', '/domains', '/settings', '/nowhere'],
  ...['/api', '/api?q=lexicons', '/api?group=social&operation=postSocialThoughts'],
]

async function headers({ url }) {
  const page = await fetch(`${url}/dashboard/lexicons/anything`)
  const html = await page.text()
  const policy = page.headers.get('content-security-policy')
  const [, nonce] = /'nonce-([^']+)'/.exec(policy) ?? []
  assert.match(policy, /script-src 'self';/)
  assert.match(policy, /object-src 'none'/)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.match(policy, /base-uri 'none'/)
  assert.ok(!policy.includes('unsafe'), policy)
  assert.ok(html.includes(`data-nonce="${nonce}"`), 'the page knows its nonce')
  assert.ok(!/<script(?![^>]*src=)/.test(html) && !/ style=/.test(html), 'nothing inline')
  for (const [name, value] of [
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'same-origin'],
    ['cross-origin-opener-policy', 'same-origin'],
    ['x-frame-options', 'DENY'],
    ['cache-control', 'no-cache'],
  ])
    assert.equal(page.headers.get(name), value, name)
  assert.match(page.headers.get('permissions-policy'), /camera=\(\)/)
  const again = await fetch(`${url}/dashboard/`, { headers: { 'if-none-match': page.headers.get('etag') } })
  assert.equal(again.status, 304)
  assert.equal(again.headers.get('content-security-policy'), null, 'the page goes on with the policy it has')
  const other = await (await fetch(`${url}/dashboard/`)).text()
  assert.notEqual(other, html, 'each answer has a nonce of its own')
  const [, script] = /src="([^"]+\.js)"/.exec(html)
  for (const coding of ['br', 'gzip']) {
    const file = await fetch(url + script, { headers: { 'accept-encoding': coding } })
    assert.equal(file.headers.get('content-encoding'), coding)
    assert.equal(file.headers.get('cache-control'), 'public, max-age=31536000, immutable')
    assert.match(file.headers.get('content-type'), /^text\/javascript/)
    assert.match(await file.text(), /^\/\/# allFunctionsCalledOnLoad\n/, 'it is compiled while it comes in')
  }
  assert.equal((await fetch(`${url}/dashboard/assets/nothing.js`)).status, 404)
  assert.equal((await fetch(`${url}/dashboard/assets/..%2findex.html`)).status, 404)
  assert.equal((await fetch(`${url}/`, { redirect: 'manual' })).headers.get('location'), '/dashboard/')
}

async function strangers({ operator: { page, go }, stage }) {
  await go('/lexicons')
  await page.getByRole('textbox', { name: 'Your handle' }).fill('nobody.test')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').filter({ hasText: 'nobody.test' }).waitFor()
  assert.equal((await fetch(`${stage.url}/admin/live`)).status, 401)
  assert.equal((await fetch(`${stage.url}/admin/storage`)).status, 401)
  assert.equal((await fetch(`${stage.url}/admin/relay/accounts`)).status, 401)
  await go('/registry')
  await page.getByRole('heading', { name: 'Images' }).waitFor()
}

async function firstRun({ operator: { page, go }, stage, ann, status }) {
  await signIn(page, stage.url, ann)
  await page.getByRole('link', { name: 'Set the server up' }).click()
  await page.getByRole('textbox', { name: 'What the server is called' }).fill('A view')
  await page.getByRole('button', { name: 'Go on' }).click()
  await choose(page, 'Sample', STATUS)
  await page.locator('.cm-content', { hasText: STATUS }).waitFor()
  await page.getByRole('button', { name: 'Store the lexicon' }).click()
  await page.getByRole('button', { name: 'See it live' }).click()
  await page.getByText('live', { exact: true }).waitFor()
  await until(() => stage.network.isStreamed(STATUS))
  for (const text of ['🌱', '🌿', '🌳']) await status(ann, text)
  await page.locator('.busy-row', { hasText: STATUS }).waitFor()
  await page.getByRole('row', { name: new RegExp(`${STATUS} 3`) }).waitFor()
  await page.getByRole('link', { name: 'A view' }).waitFor()
  await page
    .getByRole('row', { name: new RegExp(STATUS) })
    .getByRole('link')
    .click()
  await page.getByText('🌳').waitFor()
  await page.getByRole('textbox', { name: 'Filter what is shown' }).fill('🌿')
  assert.equal(await page.getByRole('row').count(), 2)
  await page.getByRole('row').nth(1).getByRole('button').first().click()
  await page.getByRole('dialog').getByText('"xyz.statusphere.status"').waitFor()
  await page.keyboard.press('Escape')
  await go('/')
}

async function lexicons({ operator: { page, go } }) {
  const query = 'xyz.statusphere.getStatuses'
  await go('/lexicons/new')
  await write(page, '{ "lexicon": 2 }')
  await page.getByText('"lexicon" must be 1').waitFor()
  assert.ok(await page.getByRole('button', { name: 'Store the lexicon' }).isDisabled())
  await choose(page, 'Sample', query)
  await page.locator('.cm-content', { hasText: query }).waitFor()
  await choose(page, 'Collection', STATUS)
  await page.getByRole('button', { name: 'Store the lexicon' }).click()
  await page.getByRole('heading', { name: query }).waitFor()
  await page.getByRole('tab', { name: 'Try it' }).click()
  await page.getByRole('button', { name: 'Call' }).click()
  await page.getByText('200', { exact: true }).waitFor()
  await page.getByRole('region', { name: 'Answer' }).getByText('🌳').waitFor()
  await go('/lexicons')
  await page.getByRole('link', { name: query }).waitFor()
}

async function scripts({ operator: { page, go } }) {
  const trigger = 'xrpc.query:xyz.statusphere.getStatuses'
  await go(`/scripts/new?trigger=${trigger}`)
  const editor = page.locator('.cm-content')
  await write(page, 'function handle()\n  return { said = nothing.there }\nend')
  await page.getByRole('button', { name: 'Run' }).click()
  await page.getByText('Line 2').waitFor()
  await write(page, '')
  await editor.pressSequentially('db.co')
  await page.locator('.cm-tooltip-autocomplete').getByText('db.count', { exact: true }).waitFor()
  await page.keyboard.press('Escape')
  await write(
    page,
    'function handle()\n  log("asked")\n  return { count = db.count("xyz.statusphere.status") }\nend',
  )
  await page.getByRole('button', { name: 'Run' }).click()
  await page.locator('.log', { hasText: 'asked' }).waitFor()
  await page.getByRole('region', { name: 'Result' }).getByText('3').waitFor()
  await page.getByRole('button', { name: 'Store' }).click()
  await page.getByRole('heading', { name: trigger }).waitFor()
  await go('/lexicons/xyz.statusphere.getStatuses?tab=scripts')
  await page.getByRole('link', { name: 'Open the script' }).click()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByText('There is no script').waitFor()
}

async function backfill({ operator: { page, go } }) {
  await go('/backfills')
  await page.getByRole('button', { name: 'Start a backfill' }).click()
  await choose(page.getByRole('dialog'), 'Collection', STATUS, page)
  await page.getByRole('dialog').getByRole('button', { name: 'Start a backfill' }).click()
  await page.getByRole('heading', { name: `Backfill of ${STATUS}` }).waitFor()
  await page.getByText('completed', { exact: true }).first().waitFor()
  await page.getByText(/1 of 1 repositories/).waitFor()
}

async function housekeeping({ operator: { page, go }, bob, stage }) {
  await go('/users')
  await page.getByRole('button', { name: 'Add somebody' }).click()
  await page.getByRole('textbox', { name: 'Handle or DID' }).fill(bob.handle)
  await page.getByRole('dialog').getByRole('button', { name: 'Add somebody' }).click()
  await page.getByText(/\d+ permissions/).waitFor()
  await page.getByRole('button', { name: 'Change permissions' }).click()
  await page.getByRole('button', { name: 'Operator' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })

  await go('/keys')
  await page.getByRole('button', { name: 'Make a key' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('counter')
  await choose(page.getByRole('dialog'), 'Permissions', 'stats:read', page)
  await page.getByRole('dialog').getByRole('button', { name: 'Make a key' }).click()
  const key = await page.locator('.snippet code').textContent()
  const bearer = { headers: { authorization: `Bearer ${key}` } }
  assert.equal((await fetch(`${stage.url}/admin/storage`, bearer)).status, 200)
  assert.equal((await fetch(`${stage.url}/admin/relay/accounts`, bearer)).status, 200)
  const revoke = { ...bearer, method: 'POST' }
  assert.equal((await fetch(`${stage.url}/admin/relay/accounts/x/revoke-tokens`, revoke)).status, 403)

  await go('/variables')
  await page.getByRole('textbox', { name: 'Name' }).fill('API_KEY')
  await page.getByLabel('Value').first().fill('a secret of mine')
  await page.getByRole('button', { name: 'Set' }).click()
  await page.getByText('a se****').waitFor()
  await go('/clients')
  await page.getByRole('button', { name: 'Add a client' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('An app')
  await page.getByRole('textbox', { name: /Client ID/ }).fill('https://app.example/client-metadata.json')
  await page.getByRole('textbox', { name: 'Its web site' }).fill('https://app.example')
  await page.getByRole('textbox', { name: 'Redirect URIs' }).fill('https://app.example/back')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByText('The client is registered').waitFor()
  await go('/domains')
  await page.getByText('primary', { exact: true }).waitFor()
  await go('/settings')
  const help = page.getByRole('textbox', { name: 'backfill_retention_days' })
  await help.fill('7')
  await page.getByRole('button', { name: 'Save backfill_retention_days' }).click()
  await page.getByText('Saved.').waitFor()
  await go('/events?category=setting')
  await page.getByRole('button', { name: 'setting.updated' }).first().waitFor()
}

async function microblog({ stage, operator: { page, go } }) {
  await go('/social')
  await page.getByRole('button', { name: 'Go on with the account' }).click()
  await page.getByRole('form', { name: 'What are you thinking?' }).waitFor()
  await page.getByRole('textbox', { name: 'What are you thinking?' }).fill('The view is good today. #weather')
  await page.getByRole('button', { name: 'Publish' }).click()
  await page.locator('.thought', { hasText: 'The view is good' }).waitFor()

  const other = await visitor(stage.browser, stage.url)
  await other.go('/social')
  await other.page.getByRole('tab', { name: 'Become somebody' }).click()
  await other.page.getByRole('textbox', { name: 'Name', exact: true }).fill('eve')
  await other.page.getByRole('textbox', { name: 'E-mail' }).fill('eve@example.com')
  await other.page.getByLabel('Password').first().fill('correct horse battery')
  await other.page.getByRole('button', { name: 'Become somebody' }).click()
  await other.page.getByRole('textbox', { name: 'What are you thinking?' }).waitFor()
  await other.go('/social/u/ann')
  await other.page.getByRole('button', { name: 'Follow', exact: true }).click()
  await other.page.getByRole('button', { name: 'Unfollow' }).waitFor()
  await other.go('/social?feed=home')
  await other.page
    .locator('.thought', { hasText: 'The view is good' })
    .getByRole('button', { name: /^Like/ })
    .click()
  await other.page.locator('.act[aria-pressed=true]').waitFor()
  await other.page
    .locator('.thought', { hasText: 'The view is good' })
    .getByRole('link', { name: /answer/ })
    .click()
  await other.page.getByRole('textbox', { name: 'Your answer' }).fill('It is.')
  await other.page.getByRole('button', { name: 'Publish' }).click()
  await other.page.locator('.thought', { hasText: 'It is.' }).waitFor()
  await other.go('/social?feed=home')
  await other.page.locator('.thought', { hasText: 'It is.' }).waitFor()

  await page.getByRole('textbox', { name: 'What are you thinking?' }).fill('And now it rains.')
  await page.keyboard.press('Control+Enter')
  await other.page.getByRole('button', { name: 'Show 1 new' }).click()
  await other.page.locator('.thought', { hasText: 'And now it rains.' }).waitFor()

  await go('/social/notifications')
  for (const text of ['follows you', 'likes what you wrote', 'answered you'])
    await page.getByText(text).first().waitFor()

  await go('/social/settings')
  await page
    .getByRole('textbox', { name: 'The looks of your profile' })
    .fill(
      'h2 { color: rgb(1, 2, 3) } body, h1, .shell { display: none } .profile { position: fixed; inset: 0 }',
    )
  await page.getByRole('button', { name: 'Save' }).first().click()
  await page.getByText('Saved.').waitFor()
  await go('/social/u/ann')
  const name = page.locator('.custom').getByRole('heading', { level: 2 })
  assert.equal(await name.evaluate((heading) => getComputedStyle(heading).color), 'rgb(1, 2, 3)')
  assert.ok(await page.getByRole('heading', { level: 1 }).isVisible(), 'what is outside stays as it is')
  const inside = await page.locator('.custom').evaluate((host) => {
    const [outer, inner] = [host, host.shadowRoot.querySelector('.profile')].map((one) =>
      one.getBoundingClientRect(),
    )
    return inner.left >= outer.left && inner.right <= outer.right
  })
  assert.ok(inside, 'a profile stays in its place')
  assert.deepEqual(other.complaints, [])
  await other.context.close()
}

async function palette({ operator: { page, go } }) {
  await go('/')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('getstat')
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0, 'less motion is none')
  await page.getByRole('option', { name: /xyz.statusphere.getStatuses/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'xyz.statusphere.getStatuses' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('qqqqqq')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('dead letters')
  await page.keyboard.press('Enter')
  const has = (name) => page.waitForFunction((name) => document.activeElement.textContent === name, name)
  await page.getByRole('heading', { name: 'Dead letters', level: 1 }).waitFor()
  await has('Dead letters')

  await go('/')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement.className), 'skip')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate(() => document.activeElement.id), 'page')
  for (const part of ['header', 'nav']) assert.deepEqual(await walk(page, part), [], part)
  // Whoever follows a link is told where it has led, and goes on from there.
  await page.getByRole('navigation').getByRole('link', { name: 'Jobs' }).focus()
  await page.keyboard.press('Enter')
  await has('Jobs')

  await page.setViewportSize(SIZES.phone)
  await page.getByRole('button', { name: 'Open the menu' }).press('Enter')
  await page.getByRole('link', { name: 'Scripts' }).focus()
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Scripts' }).waitFor({ state: 'hidden' })
  const focused = () => document.activeElement.getAttribute('aria-label')
  assert.equal(await page.evaluate(focused), 'Open the menu')
  await page.setViewportSize(SIZES.desk)
}

async function intruder(story) {
  await intrude(story)
  const { page, go } = story.operator
  for (const to of [
    ...[`/records?collection=${STATUS}`, '/events', '/variables', '/clients', '/keys', '/', '/settings'],
    ...['/social', '/social/u/mallory', '/social/search?q=mallory', '/social/notifications', '/users'],
    ...['/registry', '/registry/u/alice.test', `/registry/search?q=${encodeURIComponent(INTRUSION)}`],
    ...[`/lexicons/com.example.intruder?tab=docs`, `/scripts/${encodeURIComponent('job.run:intruder')}`],
  ]) {
    await go(to)
    assert.equal(await page.evaluate(intruded), false, `${to} runs what somebody wrote`)
  }
}

async function quick({ stage, operator }) {
  const { page, context } = await visitor(stage.browser, stage.url, {
    storageState: await operator.context.storageState(),
  })
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  let bytes = 0
  const asked = []
  devtools.on('Network.requestWillBeSent', ({ request }) => asked.push(request.url))
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength
  })
  const begun = performance.now()
  await page.goto(`${stage.url}/dashboard/lexicons`)
  await page.getByRole('link', { name: STATUS }).waitFor()
  await page.getByRole('textbox', { name: 'Filter' }).fill('status')
  const took = Math.round(performance.now() - begun)
  const shift = await page.evaluate(
    () =>
      new Promise((resolve) => {
        let moved = 0
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) if (!entry.hadRecentInput) moved += entry.value
        }).observe({ type: 'layout-shift', buffered: true })
        setTimeout(() => resolve(moved), 300)
      }),
  )
  process.stdout.write(
    `    first load: ${bytes} bytes, interactive after ${took} ms (4 x slower), layout shift ${shift}\n`,
  )
  // Files from a folder come as they are.
  if (!process.env.WEB_DIST) assert.ok(bytes < FIRST_LOAD, `${bytes} bytes`)
  assert.deepEqual(
    asked.filter((url, at) => asked.indexOf(url) !== at),
    [],
    'nothing is asked for twice',
  )
  assert.ok(shift < 0.1, `what is shown moves: ${shift}`)
  await context.close()
}

async function fits({ stage, operator: { page } }, to) {
  const address = `${stage.url}/dashboard${to}`
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport)
    if (size === 'desk') await open(page, address)
    if (shots) await picture(page, to, size)
    // Another size takes its time.
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    await until(async () => (await wide()) <= 0, `${to} is ${await wide()} pixels too wide for a ${size}`)
  }
  assert.deepEqual(await accessibility(page), [], `${to} on a phone`)
  await page.setViewportSize(SIZES.desk)
  await turn(page, 'dark')
  if (shots) await picture(page, to, 'dark')
  assert.deepEqual(await accessibility(page), [], `${to} in the dark`)
  await turn(page, 'light')
  assert.deepEqual(await walk(page, 'main'), [], `${to} with the keyboard`)
}

async function picture(page, to, size) {
  fs.mkdirSync(shots, { recursive: true })
  const name = to.replace(/[^\w]+/g, '-').replace(/^-|-$/g, '') || 'overview'
  await page.waitForTimeout(250)
  await page.screenshot({ path: path.join(shots, `${name}.${size}.png`) })
}

/** Chooses from a list; its options may be outside of what has the list. */
async function choose(within, label, option, page = within) {
  const field = within
    .getByRole('combobox', { name: label })
    .or(within.getByRole('textbox', { name: label }))
    .first()
  await field.click()
  await field.fill(option).catch(() => undefined)
  await page.getByRole('option', { name: option, exact: true }).click()
  // A list that takes several stays open until one goes on.
  await page.keyboard.press('Tab')
}

/** Replaces what is in the editor, as somebody does who pastes. */
async function write(page, text) {
  const editor = page.locator('.cm-content')
  await editor.focus()
  await editor.press('Control+a')
  if (!text) return editor.press('Delete')
  await editor.evaluate((element, text) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', text)
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, text)
}
