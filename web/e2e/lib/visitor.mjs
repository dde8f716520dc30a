// A person with a browser, who complains about everything that is not as it should be.

import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A page that gets here waits for something that will not come. */
const PATIENCE_MS = 15_000

/** What browsers take for errors and belongs to the story: strangers are told that they are. */
const EXPECTED = [/status of (40[0134]|422)/]

/** A window of the size of a desk or of a phone. */
export const SIZES = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } }

/** Opens a window; `complaints` grows. */
export async function visitor(browser, url, options = {}) {
  const context = await browser.newContext({
    locale: 'en',
    viewport: SIZES.desk,
    colorScheme: 'light',
    reducedMotion: 'reduce',
    ...options,
  })
  if (process.env.WEB_DIST) await fromDisk(context, url, process.env.WEB_DIST)
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  const complaints = []
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type()) || !message.location().url.startsWith(url)) return
    if (!EXPECTED.some((expected) => expected.test(message.text())))
      complaints.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.exposeFunction(
    'violated',
    (text) => page.url().startsWith(url) && complaints.push(`${page.url()}: ${text}`),
  )
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (event) => {
      const { effectiveDirective, blockedURI, sourceFile, lineNumber, sample } = event
      globalThis.violated(
        `Content-Security-Policy: ${effectiveDirective} ${blockedURI} ${sourceFile}:${lineNumber} ${sample}`,
      )
    }),
  )
  return { context, page, complaints, go: (to) => open(page, `${url}/dashboard${to}`) }
}

/** Goes to a page and waits until it has what it shows. */
export async function open(page, address) {
  await page.goto(address)
  await settled(page)
}

/** Waits until nothing is on its way any more. */
export async function settled(page) {
  await page.locator('main h1').first().waitFor()
  await page.locator('main [aria-busy=true]').first().waitFor({ state: 'detached' })
  await still(page)
}

/** Changes between day and night, and waits until every colour has arrived. */
export async function turn(page, colorScheme) {
  await page.emulateMedia({ colorScheme })
  await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor()
  await still(page)
}

/** Waits for two pictures in a row in which nothing is between two states; what turns for ever does not count. */
async function still(page) {
  await page.waitForFunction(
    () =>
      new Promise((resolve) => {
        const moves = () =>
          document
            .getAnimations()
            .some(
              ({ playState, effect }) =>
                playState === 'running' && effect.getComputedTiming().iterations !== Infinity,
            )
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(!moves())))
      }),
  )
}

/** Findings of axe but for the least, as lines. How a profile looks is its owner's affair. */
export async function accessibility(page) {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(
      { include: [['html']], exclude: [['.custom']] },
      { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
    ),
  )
  return violations
    .filter(({ impact }) => impact !== 'minor')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map((node) => `${node.html} ${node.any?.[0]?.message ?? ''}`).join('\n    ')}`,
    )
}

/** Signs in through the PDS; ends up where the app began. */
export async function signIn(page, url, { handle, password }) {
  await open(page, `${url}/dashboard/`)
  await page.getByRole('textbox', { name: 'Your handle' }).fill(handle)
  await page.keyboard.press('Enter')
  await page.getByRole('textbox', { name: 'Password' }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('button', { name: 'Authorize' }).click()
  await page.waitForURL(`${url}/dashboard/**`)
  if (process.env.WEB_DIST) await page.reload()
  await settled(page)
}

/** For work on the app: its files come from a folder as they are now, with the headers that the server would send. */
async function fromDisk(context, url, dist) {
  await context.route(`${url}/dashboard/**`, async (route) => {
    const file = new URL(route.request().url()).pathname.replace(/^\/dashboard\//, '')
    const asset = path.join(dist, file)
    if (file.startsWith('assets/'))
      return fs.existsSync(asset) ? route.fulfill({ path: asset }) : route.continue()
    const response = await route.fetch()
    const headers = { ...response.headers(), 'content-type': 'text/html; charset=utf-8' }
    const [, nonce] = /'nonce-([^']+)'/.exec(headers['content-security-policy'])
    const html = fs.readFileSync(path.join(dist, 'index.html'), 'utf8')
    const body = html.replaceAll('"./', '"/dashboard/').replaceAll('%BASE%', '').replaceAll('%NONCE%', nonce)
    return route.fulfill({ headers, body })
  })
}
