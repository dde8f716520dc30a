// A person with a browser: signs in to the server's own pages through the form of their PDS, looks who they are, signs
// out, and at a second try changes their mind at the last moment.
import { camera, withPage } from './lib/browser.mjs'
import { authorize, deny, signIn } from './lib/pds-form.mjs'
import { program } from './lib/program.mjs'

const NEEDS = ['server', 'browser', 'account.handle', 'account.password']

/** A page of the server that is always there. */
const PAGE = '/config'

await program(NEEDS, ({ server, browser, account }) =>
  withPage(browser, async (page) => {
    const look = camera(page)
    await page.goto(server + PAGE)
    const signedIn = await atTheCallback(page, server, async () => {
      await toThePds(page, account)
      await signIn(page, account, look)
      await authorize(page)
    })
    await page.waitForURL(server + PAGE)
    await look('signed-in')
    const cookies = await sessionCookies(page)
    const me = await call(page, 'GET', '/auth/me')
    const loggedOut = await call(page, 'POST', '/auth/logout')
    const meAfterwards = await call(page, 'GET', '/auth/me')
    const cookiesAfterwards = await sessionCookies(page)
    const denied = await atTheCallback(page, server, async () => {
      await toThePds(page, account)
      await signIn(page, account, look)
      await deny(page)
    })
    await look('denied')
    return { signedIn, cookies, me, loggedOut, meAfterwards, cookiesAfterwards, denied }
  }),
)

/** From a page of ours to the one on which the account signs in. */
async function toThePds(page, { handle }) {
  const query = new URLSearchParams({ handle, redirect_uri: PAGE })
  const { status, body } = await call(page, 'GET', `/auth/login?${query}`)
  if (status !== 200) throw new Error(`/auth/login answered ${status}: ${JSON.stringify(body)}`)
  await page.evaluate((url) => location.assign(url), body.url)
}

/** What the server answered when the browser came back from `act`. */
async function atTheCallback(page, server, act) {
  const back = page.waitForResponse((response) => response.url().startsWith(`${server}/auth/callback?`))
  const [response] = await Promise.all([back, act()])
  return { status: response.status(), location: response.headers().location }
}

/** A request that the page itself makes, as the scripts of a dashboard do. */
function call(page, method, path) {
  return page.evaluate(
    async ([method, path]) => {
      const response = await fetch(path, { method })
      const text = await response.text()
      return { status: response.status, body: text && JSON.parse(text) }
    },
    [method, path],
  )
}

/** The cookies that say who is signed in, without their values. */
async function sessionCookies(page) {
  const cookies = await page.context().cookies()
  return cookies
    .filter((cookie) => cookie.name === 'happyview_session')
    .map(({ domain, path, httpOnly, secure, sameSite }) => ({ domain, path, httpOnly, secure, sameSite }))
}
