// The user's side of an OAuth login: sign in and consent at the authorization page, without a browser.
import { request } from '../http.mjs'

const API = '/@atproto/oauth-provider/~api'

class Cookies {
  jar = new Map()
  take(res) {
    for (const line of [].concat(res.headers['set-cookie'] ?? [])) {
      const [pair] = line.split(';')
      const eq = pair.indexOf('=')
      this.jar.set(pair.slice(0, eq).trim(), pair.slice(eq + 1).trim())
    }
  }
  toString() {
    return [...this.jar].map(([k, v]) => `${k}=${v}`).join('; ')
  }
}

/**
 * Plays the user's browser at the authorization endpoint.
 * Returns { redirect } = the client's redirect_uri with code/state/iss, or error parameters.
 */
export async function approve({ url, identifier, password, scope, deny = false }) {
  const origin = new URL(url).origin
  const cookies = new Cookies()
  const ua = 'Mozilla/5.0 (X11; Linux x86_64) loopback-user'
  const navigate = {
    'user-agent': ua,
    accept: 'text/html',
    'accept-language': 'en-US',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-dest': 'document',
    'sec-fetch-site': 'none',
  }
  const page = await request('GET', url, { headers: navigate })
  cookies.take(page)
  if (page.status === 303 || page.status === 302) return { redirect: page.headers.location }
  if (page.status !== 200)
    throw new Error(`authorize page: HTTP ${page.status}: ${page.text().slice(0, 300)}`)
  const csrf = cookies.jar.get('csrf-token')
  if (!csrf) throw new Error('authorize page set no csrf-token cookie')
  const api = async (endpoint, body, extra = {}) => {
    const r = await request('POST', origin + API + endpoint, {
      headers: {
        'user-agent': ua,
        accept: 'application/json',
        cookie: cookies.toString(),
        origin,
        referer: url,
        'x-csrf-token': csrf,
        'sec-fetch-mode': 'same-origin',
        'sec-fetch-dest': 'empty',
        'sec-fetch-site': 'same-origin',
        ...extra,
      },
      body,
    })
    cookies.take(r)
    const json = r.json()
    if (r.status >= 400) throw new Error(`${endpoint}: HTTP ${r.status}: ${JSON.stringify(json)}`)
    return json
  }
  let next
  if (deny) next = await api('/reject', {})
  else {
    const session = await api('/sign-in', { locale: 'en', username: identifier, password, remember: false })
    next = await api(
      '/consent',
      { sub: session.account.sub, ...(scope ? { scope } : {}) },
      session.ephemeralToken ? { authorization: `Bearer ${session.ephemeralToken}` } : {},
    )
  }
  const last = await request('GET', next.url, {
    headers: { ...navigate, 'sec-fetch-site': 'same-origin', cookie: cookies.toString(), referer: url },
  })
  if (!last.headers.location) throw new Error(`redirect: HTTP ${last.status}: ${last.text().slice(0, 300)}`)
  return { redirect: last.headers.location }
}
