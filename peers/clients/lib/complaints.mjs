// What a browser has to complain about on the pages of a server; those of other servers are their own affair.

/**
 * Listens from now on; `complaints` grows, one line for each. A browser takes every status from 400 for an error: `expected`
 * has those that belong to the story, by path.
 */
export async function listen(page, server, expected) {
  const complaints = []
  const note = (url, text) => url.startsWith(`${server}/`) && complaints.push(text)
  const isExpected = (url, text) =>
    Object.entries(expected).some(
      ([path, status]) => url === server + path && text.includes(`status of ${status}`),
    )
  page.on('console', (message) => {
    const [{ url }, text] = [message.location(), message.text()]
    if (['error', 'warning'].includes(message.type()) && !isExpected(url, text)) note(url, `${url}: ${text}`)
  })
  page.on('pageerror', (error) => note(page.url(), String(error)))
  page.on('requestfailed', (request) => {
    const { errorText } = request.failure()
    // Whoever leaves a page gives up what was on its way.
    if (errorText !== 'net::ERR_ABORTED') note(request.url(), `${request.url()}: ${errorText}`)
  })
  await page.exposeFunction('violated', (url, directive) =>
    note(url, `Content-Security-Policy: ${directive}`),
  )
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', (event) =>
      violated(event.documentURI, event.effectiveDirective),
    ),
  )
  return complaints
}
