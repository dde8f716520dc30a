// Alice signs in with the account she has and becomes the super user; whoever comes later is refused.
import { Browser } from '../lib/browser.mjs'

export const title = 'Signing in'

/** What alice allows Belvedere. Asked for nothing but `atproto`, a PDS says who somebody is and lets nobody write. */
const SCOPE = 'atproto repo:xyz.statusphere.status'

const UNKNOWN = [401, { error: 'not authenticated' }]

export async function run(demo) {
  const { terminal, checks, people, server, browsers } = demo
  terminal.say(
    'People sign in with the account they have. Belvedere sends the browser to their own PDS, which asks for the password ' +
      'and for consent and sends it back; Belvedere sees no password. Before that, everybody is a stranger:',
  )
  checks.equal('a stranger is told so', await demo.refusal(`${server.url}/auth/me`), UNKNOWN)

  terminal.say(
    'Curl is alice’s browser and keeps its cookies in a file. She signs in, and allows Belvedere to write statuses to ' +
      'her repository and nothing else. (The test network fills in the form of the PDS.) The first to come is the super user.',
  )
  const alice = (browsers.alice = new Browser(demo, 'alice'))
  checks.equal('alice is back', await alice.signIn({ scope: SCOPE }), alice.home)
  const me = await alice.get('/auth/me')
  checks.equal('with a session, as a user', me, { did: people.alice.did, is_admin: true })

  terminal.say('Bob comes second. He has proved who he is, but nobody has made him a user.')
  const bob = (browsers.bob = new Browser(demo, 'bob'))
  checks.equal('bob is refused', await bob.signIn(), `${server.url}/login?error=not_authorized`)
  const stranger = await demo.refusal(`-b ${bob.jar} ${server.url}/auth/me`)
  checks.equal('and has no session', stranger, UNKNOWN)
}
