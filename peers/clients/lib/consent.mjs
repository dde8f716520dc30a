// The user without a browser: the network's control API signs in at the authorization page and approves.

/** Approves as the account; returns the URL to which a browser would be sent. */
export async function approve(control, authorizationUrl, { handle, password }) {
  const response = await fetch(`${control}/oauth/approve`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: authorizationUrl, identifier: handle, password }),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`the user cannot approve: ${JSON.stringify(answer)}`)
  return new URL(answer.redirect)
}
