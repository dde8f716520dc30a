// A person with a browser: signs in to the server on its own page, through the form of their PDS, looks who they are,
// signs out, and at a second try changes their mind at the last moment.
import { camera, fromAllSides, withPage } from './lib/browser.mjs'
import { listen } from './lib/complaints.mjs'
import { enter, read, signOut } from './lib/our-page.mjs'
import { authorize, deny, signIn } from './lib/pds-form.mjs'
import { program } from './lib/program.mjs'

const NEEDS = ['server', 'browser', 'account.handle', 'account.password']

/** A handle that nobody has. */
const NOBODY = 'nobody.test'

const EXPECTED = { '/auth/me': 401, [`/auth/login?handle=${NOBODY}`]: 400 }

await program(NEEDS, ({ server, browser, account }) =>
  withPage(browser, async (page) => {
    const look = camera(page)
    const complaints = await listen(page, server, EXPECTED)
    const see = async (name) => {
      const seen = await read(page)
      await fromAllSides(page, look, name)
      return seen
    }
    const throughThePds = (decide) =>
      atTheCallback(page, server, async () => {
        await enter(page, account.handle)
        await signIn(page, account, look)
        await decide(page)
      })

    await page.goto(`${server}/login`)
    const opened = await see('signed-out')
    await enter(page, NOBODY)
    await page.getByText(NOBODY).waitFor()
    const unknown = await see('unknown')
    const accepted = await throughThePds(authorize)
    await page.waitForURL(accepted.location)
    // There is the web app, if the server was built with it; this page is where it was.
    await page.goto(`${server}/login`)
    const signedIn = await see('signed-in')
    const cookies = await sessionCookies(page)
    const me = await whoAmI(page, server)
    await signOut(page)
    const signedOut = await see('signed-out-again')
    const meAfterwards = await whoAmI(page, server)
    const cookiesAfterwards = await sessionCookies(page)
    const denied = await throughThePds(deny)
    await page.waitForURL(denied.location)
    const declined = await see('declined')
    const before = [...complaints]
    const intruded = await intrude(page)
    return {
      opened,
      unknown,
      accepted,
      signedIn,
      cookies,
      me,
      signedOut,
      meAfterwards,
      cookiesAfterwards,
      denied,
      declined,
      complaints: before,
      intruder: { ran: intruded, complaints: complaints.slice(before.length) },
    }
  }),
)

/** What the server answered when the browser came back from `act`. */
async function atTheCallback(page, server, act) {
  const back = page.waitForResponse((response) => response.url().startsWith(`${server}/auth/callback?`))
  const [response] = await Promise.all([back, act()])
  return { status: response.status(), location: response.headers().location }
}

/** Asks the server, as the page itself does. */
function whoAmI(page, server) {
  return page.evaluate(async (url) => {
    const response = await fetch(url)
    return { status: response.status, body: await response.json() }
  }, `${server}/auth/me`)
}

/** Puts a script on the page as somebody would who found a hole in it; whether it ran. */
function intrude(page) {
  return page.evaluate(async () => {
    const refused = new Promise((resolve) => document.addEventListener('securitypolicyviolation', resolve))
    const script = document.createElement('script')
    script.textContent = 'globalThis.intruded = true'
    document.body.append(script)
    if (!globalThis.intruded) await refused
    return globalThis.intruded === true
  })
}

/** The cookies that say who is signed in, without their values. */
async function sessionCookies(page) {
  const cookies = await page.context().cookies()
  return cookies
    .filter((cookie) => cookie.name === 'happyview_session')
    .map(({ domain, path, httpOnly, secure, sameSite }) => ({ domain, path, httpOnly, secure, sameSite }))
}
