// What somebody does in a browser to let an app in.

const OUT_OF_BAND = 'urn:ietf:wg:oauth:2.0:oob'

/** Registers an app, as clients do before anybody is signed in. */
export async function register(client, scopes = 'read write follow push') {
  return client.v1.apps.create({
    clientName: 'A walk',
    redirectUris: OUT_OF_BAND,
    scopes,
    website: 'https://walk.example',
  })
}

/** Fills in the page of `app` as `name`; the code that it shows. */
export async function letIn(url, app, name, password, scope = 'read write follow push') {
  const query = new URLSearchParams({
    client_id: app.clientId,
    redirect_uri: OUT_OF_BAND,
    response_type: 'code',
    scope,
  })
  const page = await fetch(`${url}/oauth/authorize?${query}`)
  if (page.status !== 200) throw new Error(`the page is ${page.status}: ${await page.text()}`)
  const cookie = page.headers.get('set-cookie').split(';')[0]
  const ticket = /name="ticket" value="([^"]+)"/.exec(await page.text())[1]
  const body = new URLSearchParams({ ticket, name, password, answer: 'allow' })
  const answer = await fetch(`${url}/oauth/authorize`, {
    method: 'POST',
    body,
    headers: { cookie },
    redirect: 'manual',
  })
  const shown = await answer.text()
  const code = /id="code">([^<]+)</.exec(shown)
  if (!code) throw new Error(`no code on the page ${answer.status}: ${shown}`)
  return code[1]
}

/** The whole way, from an app to a token. */
export async function signIn(masto, url, name, password) {
  const app = await register(masto.createRestAPIClient({ url }))
  const code = await letIn(url, app, name, password)
  const oauth = masto.createOAuthAPIClient({ url })
  const token = await oauth.token.create({
    grantType: 'authorization_code',
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    redirectUri: OUT_OF_BAND,
    code,
    scope: 'read write follow push',
  })
  return token.accessToken
}
