// Somebody lets an app in with a browser: the wrong password first, then the right one.
import { camera, fromAllSides, withPage } from '../clients/lib/browser.mjs'

const { server, clientId, name, password, browser } = JSON.parse(process.argv[2])

const seen = await withPage(browser, async (page) => {
  const complaints = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  const look = camera(page)
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: 'urn:ietf:wg:oauth:2.0:oob',
    response_type: 'code',
    scope: 'read write',
  })
  await page.goto(`${server}/oauth/authorize?${query}`)
  const title = await page.textContent('h1')
  await fromAllSides(page, look, 'asks')
  const signIn = async (password) => {
    await page.fill('#name', name)
    await page.fill('#password', password)
    await page.click('button[value=allow]')
  }
  await signIn('wrong')
  const alert = await page.textContent('[role=alert]')
  await look('wrong')
  await signIn(password)
  const code = await page.textContent('#code')
  await look('code')
  // That the wrong password was refused is no complaint of the page.
  return { title, alert, code, complaints: complaints.filter((text) => !text.includes('401')) }
})
console.log(JSON.stringify(seen))
