// Who may do what: users, keys for programs, and the log of what was done and what was refused.
import { until } from '../lib/wait.mjs'

export const title = 'Who may do what'

/** Alice makes bob a user, who then can sign in and look around. */
async function users({ browsers, checks, people }) {
  const { alice, bob } = browsers
  const added = await alice.post('/admin/users', { did: people.bob.handle, template: 'viewer' })
  checks.equal('bob is a user', added.did, people.bob.did)
  checks.equal('now he can sign in', await bob.signIn(), bob.home)
  const list = await bob.get('/admin/users', { print: false })
  checks.equal(
    'and see who else is there: beside alice whoever uses the command line',
    list.map(({ did, is_super }) => [did, is_super]),
    [
      [null, false],
      [people.alice.did, true],
      [people.bob.did, false],
    ],
  )
}

/** A key that may read the event log: what it may not do is refused, and in the log. */
async function key(demo) {
  const { browsers, checks, people, server, terminal } = demo
  const watcher = { name: 'watcher', permissions: ['events:read'] }
  demo.export('WATCHER', (await browsers.alice.post('/admin/api-keys', watcher)).key)
  const option = '-H "Authorization: Bearer $WATCHER"'
  const refused = await demo.refusal(`${server.url}/admin/users ${option}`)
  const missing = { error: 'InsufficientPermissions', message: 'Missing permission: users:read' }
  checks.equal('refused, with the name of the permission that is missing', refused, [403, missing])

  const log = '/admin/events?category=user,api_key,auth&limit=4'
  await until('the refusal is in the log', async () => {
    const { body } = await server.get(log, { authorization: `Bearer ${demo.exports.WATCHER}` })
    return body.events[0].event_type === 'auth.permission_denied'
  })
  terminal.say('Reading the log is what it may do.')
  const { events } = await demo.run(`curl -s '${server.url}${log}' ${option}`)
  const types = ['auth.permission_denied', 'api_key.created', 'user.created', 'user.bootstrapped']
  checks.equal(
    'there is everything that alice and her key have done, newest first',
    events.map(({ event_type, actor_did }) => [event_type, actor_did]),
    types.map((type) => [type, people.alice.did]),
  )
}

async function commands(demo) {
  const { alice, bob } = demo.people
  const list = await demo.run('belvedere user list')
  const role = ({ did }) => new RegExp(`^${did} +(.+?)  `, 'm').exec(list)?.[1]
  demo.checks.equal('their roles', [role(alice), role(bob)], ['super user', 'viewer'])
  const permissions = await demo.run('belvedere permission list | grep -E "^(PERMISSION|users:|events:)"')
  demo.checks.equal('a viewer may read the log, too', /^events:read +viewer /m.test(permissions), true)
}

export async function run(demo) {
  const { terminal } = demo
  terminal.say('Alice’s session has survived the crash. She makes bob a user, who may look at everything.')
  await users(demo)
  terminal.say(
    'Programs get keys, which need not be allowed more than they do. This one may read the event log:',
  )
  await key(demo)
  terminal.say('On the command line:')
  await commands(demo)
}
