// What programs may ask of the server, as the page about it says.
import assert from 'node:assert/strict'
import { visitor } from './visitor.mjs'

/** Strangers may read it; an example of it is what the server answers. */
export async function reference({ stage }) {
  const { url } = stage
  const written = await (await fetch(`${url}/openapi.json`)).json()
  assert.equal((await fetch(`${url}/docs`, { redirect: 'manual' })).headers.get('location'), '/dashboard/api')
  const { page, context, complaints } = await visitor(stage.browser, url)
  await page.goto(`${url}/social/docs`)
  await page.getByRole('heading', { name: 'API', exact: true }).waitFor()
  // The group that was asked for is open, others are not.
  await page.getByText('/social/feed/public', { exact: true }).waitFor()
  assert.equal(await page.getByText('/admin/lexicons', { exact: true }).count(), 0)

  const field = page.getByRole('textbox', { name: 'Find by path, word or permission' })
  await field.fill('count users')
  const call = page.getByText('/social/users/count', { exact: true })
  await call.click()
  const command = await page.getByText('curl').textContent()
  assert.equal(command, `curl '${url}/social/users/count'`)
  assert.match(page.url(), /operation=\w+/, 'the address leads here')
  const [, address] = command.split("'")
  assert.equal((await fetch(address)).status, 200)

  // Everything of the document is found, with who may do it.
  await field.fill('lexicons:delete')
  await page.getByText('/admin/lexicons/{id}', { exact: true }).click()
  await page.getByText(written.components.securitySchemes.apiKey.description).waitFor()
  await field.fill('no such thing')
  await page.getByText('Nothing is called that.').waitFor()

  // Whoever has the address comes to the same place, with what is within the answer.
  await page.goto(`${url}/dashboard/api?group=social&operation=postSocialThoughts`)
  await page.getByText('What is in SocialUser').first().click()
  await page.getByText('profileFields').first().waitFor()
  assert.deepEqual(complaints, [])
  await context.close()
}
