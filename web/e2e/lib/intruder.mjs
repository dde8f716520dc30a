// Somebody who writes into every field what browsers might take for something else than text.
import { asker } from './ask.mjs'

/** What is written everywhere. */
export const INTRUSION = `<img src=x onerror="globalThis.intruded=1"><script>globalThis.intruded=1</script>"'><svg onload=globalThis.intruded=1>`

/** Whether it ran, in the page. */
export const intruded = () =>
  globalThis.intruded === 1 ||
  document.querySelector('main img[src="x"], main script, main svg[onload]') !== null

const STATUS = 'xyz.statusphere.status'

export async function intrude({ stage, operator: { page }, ann }) {
  const { network, url } = stage
  await network.write(ann.handle, 'create', STATUS, {
    record: {
      $type: STATUS,
      status: INTRUSION,
      createdAt: new Date().toISOString(),
      link: 'javascript:globalThis.intruded=1',
    },
  })
  const ask = asker(page, url)
  await ask('PUT', '/admin/settings/app_name', { value: INTRUSION })
  await ask('POST', '/admin/api-keys', { name: INTRUSION.slice(0, 100), permissions: [] })
  await ask('POST', '/admin/api-clients', {
    name: INTRUSION,
    client_id_url: 'https://intruder.example/client.json',
    client_uri: 'https://intruder.example',
    redirect_uris: ['https://intruder.example/back'],
  })
  await ask('POST', '/admin/lexicons', {
    lexicon_json: {
      lexicon: 1,
      id: 'com.example.intruder',
      defs: {
        main: {
          type: 'query',
          description: INTRUSION,
          parameters: { type: 'params', properties: { text: { type: 'string', description: INTRUSION } } },
        },
      },
    },
  })
  await ask('POST', '/admin/scripts', {
    id: 'job.run:intruder',
    body: `function handle() log([[${INTRUSION}]]) end`,
    description: INTRUSION,
  })
  await mallory(url)
}

/** Somebody of the microblog whose every word is an attack. */
async function mallory(url) {
  const ask = async (method, path, body, token) => {
    const headers = {
      'content-type': 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    }
    const answer = await fetch(url + path, { method, headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.status === 204 ? null : answer.json()
  }
  const account = { username: 'mallory', email: 'mallory@example.com', password: 'correct horse battery' }
  const { token } = await ask('POST', '/social/auth/register', account)
  await ask(
    'PATCH',
    '/social/users/me',
    {
      displayName: INTRUSION.slice(0, 50),
      bio: INTRUSION.slice(0, 160),
      customCss: `h2 { background: url(https://intruder.example/x) } </style>${INTRUSION} @import url(https://intruder.example/y);`,
      profileFields: [
        { name: '<b onclick=x>', value: '<a href="javascript:globalThis.intruded=1">click</a>' },
      ],
    },
    token,
  )
  await ask('POST', '/social/thoughts', { content: INTRUSION }, token)
  await ask(
    'POST',
    '/social/thoughts',
    { content: '@ann <b onclick=x>javascript:globalThis.intruded=1</b>' },
    token,
  )
  await ask('POST', '/social/thoughts', { content: 'hidden', contentWarning: INTRUSION.slice(0, 100) }, token)
}
