// A person with a browser and a third-party app whose pages have an origin of their own: HappyView's client for
// browsers where it belongs, with redirects, local storage and the browser's rules for calling another origin.
import { camera, withPage } from './lib/browser.mjs'
import { withApp } from './lib/pages.mjs'
import { authorize, signIn } from './lib/pds-form.mjs'
import { program } from './lib/program.mjs'
import { homesOf } from './lib/public-network.mjs'

const NEEDS = [
  'server',
  'browser',
  'network.plc',
  'network.doh',
  'account.handle',
  'account.password',
  'client.key',
  'client.id',
  'client.scopes',
  'app.lexicons',
  'app.procedure',
  'app.query',
]

async function open(page, url) {
  await page.goto(url)
  await ready(page)
}

/** Waits until the page's script has run. */
const ready = (page) => page.waitForFunction(() => globalThis.actions)

/** Answers for the public network, with permission for pages of any origin, as the public network gives it. */
async function bringHome(page, network) {
  const homes = homesOf(network)
  await page.route(
    (url) => homes.has(url),
    async (route) => {
      const response = await route.fetch({ url: homes.find(route.request().url()) })
      const headers = { ...response.headers(), 'access-control-allow-origin': '*' }
      await route.fulfill({ response, headers })
    },
  )
}

await program(NEEDS, ({ server, browser, network, account, client, app }) =>
  withApp({ server, client, app }, (origin) =>
    withPage(browser, async (page) => {
      const look = camera(page)
      await bringHome(page, network)
      await open(page, `${origin}/`)
      // The page goes away under the call.
      await page.evaluate((handle) => void actions.signIn(handle), account.handle)
      await signIn(page, account, look)
      await authorize(page)
      await page.waitForURL(`${origin}/callback`)
      await ready(page)
      const did = await page.evaluate(() => actions.did())
      const written = await page.evaluate(() => actions.write('written in a browser'))
      const listed = await page.evaluate(() => actions.list())
      const registered = await page.evaluate(() => actions.registered())
      await open(page, `${origin}/`)
      const listedAgain = await page.evaluate(() => actions.list())
      await page.evaluate(() => actions.signOut())
      const status = await page.evaluate(() => actions.list().catch((err) => err.status))
      await open(page, `${origin}/`)
      const kept = await page.evaluate(() => actions.did())
      return { did, written, listed, registered, listedAgain, statusAfterLogout: status, kept }
    }),
  ),
)
