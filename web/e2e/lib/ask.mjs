// Asking the server what the app would ask, and waiting until the answer is what it has to be.
import assert from 'node:assert/strict'

/** What goes on in the background takes its time, and more on a machine that has much to do. */
const PATIENCE_MS = 60_000

/** Asks again until it is so. */
export async function until(isSo, otherwise = 'it did not come to that') {
  for (const end = Date.now() + PATIENCE_MS; !(await isSo()); ) {
    assert.ok(Date.now() < end, otherwise)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Asks the server in the name of whoever has signed in on a page, as the app itself asks. */
export const asker = (page, url) => (method, path, body) =>
  page.evaluate(
    async ([method, address, body]) => {
      const headers = body ? { 'content-type': 'application/json' } : {}
      const answer = await fetch(address, { method, headers, body: body && JSON.stringify(body) })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${address}: ${answer.status} ${text}`)
      return text ? JSON.parse(text) : null
    },
    [method, url + path, body],
  )
