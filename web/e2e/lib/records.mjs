// Records as the index knows them: found by fields, compared with their lexicon, linked with each other. In each of their texts, and in
// what queries are said to be, there is an attack.
import assert from 'node:assert/strict'
import { asker, until } from './ask.mjs'
import { INTRUSION, intruded } from './intruder.mjs'

const ITEM = 'com.example.item'
const SHOP = 'com.example.shop'
const QUERY = 'com.example.listItems'

const record = (id, key, properties) => ({
  lexicon: 1,
  id,
  defs: { main: { type: 'record', key, record: { type: 'object', properties } } },
})

const LEXICONS = [
  [record(SHOP, 'any', { name: { type: 'string' }, open: { type: 'boolean' } }), {}],
  [
    record(ITEM, 'any', {
      title: { type: 'string' },
      state: { type: 'string', enum: ['open', 'closed'] },
      price: { type: 'integer' },
      tags: { type: 'array', items: { type: 'string' } },
      createdAt: { type: 'string', format: 'datetime' },
      subject: { type: 'ref', ref: 'com.atproto.repo.strongRef' },
    }),
    {},
  ],
  [
    {
      lexicon: 1,
      id: QUERY,
      defs: {
        main: {
          type: 'query',
          description: INTRUSION,
          parameters: {
            type: 'params',
            properties: {
              limit: { type: 'integer' },
              cursor: { type: 'string' },
              state: { type: 'array', items: { type: 'string' }, description: INTRUSION },
              priceMax: { type: 'integer' },
              createdAtAfter: { type: 'string', format: 'datetime' },
              subject: { type: 'string', format: 'at-uri' },
              sort: { type: 'string', enum: ['newest', 'price', '-createdAt'] },
              q: { type: 'string' },
              // It names a field, and has another type.
              title: { type: 'integer', description: INTRUSION },
              [INTRUSION]: { type: 'string', description: INTRUSION },
            },
          },
        },
      },
    },
    { target_collection: ITEM },
  ],
]

/** Pages that are there once all this has happened. */
export const FOUND = ({ did }) => [
  `/lexicons/${QUERY}?tab=how&where=sort%3Dprice`,
  `/lexicons/${ITEM}`,
  `/records?collection=${ITEM}`,
  `/records?collection=${ITEM}&tab=invalid`,
  `/records?collection=${ITEM}&query=${QUERY}&where=q%3Dlamp`,
  `/records?collection=${SHOP}`,
  `/records/${did}/${SHOP}/corner`,
  `/records/${did}/${ITEM}/broken`,
  `/records/${did}/${ITEM}/nothing`,
]

const safe = async (page, what) =>
  assert.equal(await page.evaluate(intruded), false, `${what} runs what somebody wrote`)

/** Puts lexicons and records there. */
async function furnish({ stage, operator: { page }, ann }) {
  const { network, url } = stage
  const ask = asker(page, url)
  for (const [lexicon_json, more] of LEXICONS)
    await ask('POST', '/admin/lexicons', { lexicon_json, backfill: false, ...more })
  for (const collection of [ITEM, SHOP]) await until(() => network.isStreamed(collection))
  const write = (collection, rkey, fields) =>
    network.write(ann.handle, 'create', collection, { rkey, record: { $type: collection, ...fields } })
  const shop = await write(SHOP, 'corner', { name: 'The corner shop', open: true })
  const subject = { uri: shop.uri, cid: shop.cid }
  const createdAt = new Date().toISOString()
  const item = (rkey, fields) => write(ITEM, rkey, { createdAt, subject, state: 'open', ...fields })
  await item('lamp', { title: 'A brass lamp', price: 30, tags: ['home'] })
  await item('coat', { title: 'A wool coat', price: 50, state: 'closed', [INTRUSION]: shop.uri })
  await item('chair', { title: `A chair ${INTRUSION}`, price: 20, tags: [INTRUSION] })
  await item('broken', { title: INTRUSION, price: 'cheap', state: INTRUSION, createdAt: INTRUSION })
}

export async function queries(story) {
  const { page, go } = story.operator
  await furnish(story)
  await go('/queries')
  await page
    .getByRole('table', { name: 'Queries' })
    .getByRole('row', { name: /listItems.*\d ready/ })
    .waitFor()
  await page
    .getByRole('table', { name: 'Indexes' })
    .getByRole('row', { name: /words of .*title.*ready/ })
    .waitFor()
  await page
    .getByText('No call has taken a tenth of a second')
    .or(page.getByRole('table', { name: 'Slow calls' }))
    .waitFor()
  await safe(page, 'the list of queries')
  await page.getByRole('table', { name: 'Queries' }).getByRole('link', { name: QUERY }).click()
  await page.getByRole('tab', { name: 'How it is answered', selected: true }).waitFor()
  await page.getByText('cheap', { exact: true }).waitFor()
  await page.getByRole('combobox', { name: 'sort' }).selectOption('price')
  await page.getByLabel('state', { exact: true }).first().fill('open')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Show how' }).click()
  await page.getByText('in the order of price, ascending', { exact: true }).waitFor()
  await page.getByText('It goes along an index').waitFor()
  await page.getByText('As the server says it').click()
  await page
    .getByRole('region', { name: 'As the server says it' })
    .getByText('"index"', { exact: true })
    .first()
    .waitFor()
  await page.getByRole('row', { name: /title nothing/ }).waitFor()
  await safe(page, 'how a query is answered')
  // What is asked for stands in the address.
  await page.reload()
  await page.getByText('in the order of price, ascending', { exact: true }).waitFor()
}

export async function search({ operator: { page, go } }) {
  await go(`/records?collection=${SHOP}`)
  await page.getByText('declare a query').waitFor()
  await page.getByRole('link', { name: 'Draft one from the fields' }).click()
  await page.locator('.cm-content', { hasText: 'com.example.listShops' }).waitFor()
  await go(`/records?collection=${ITEM}`)
  await page.getByRole('combobox', { name: 'Search with' }).selectOption(QUERY)
  const found = page.getByRole('table', { name: 'What was found' })
  const rows = async (count) => {
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await until(async () => (await found.getByRole('row').count()) === count + 1)
  }
  await rows(4)
  await page.getByRole('textbox', { name: 'q', exact: true }).fill('lamp')
  await rows(1)
  await found.getByText('A brass lamp').waitFor()
  await page.getByRole('button', { name: 'Clear', exact: true }).click()
  await page.getByRole('spinbutton', { name: 'priceMax' }).fill('30')
  await page.getByRole('combobox', { name: 'sort' }).selectOption('price')
  await rows(2)
  assert.match(await found.getByRole('row').nth(1).textContent(), /chair/)
  await page.getByText('title means nothing').waitFor()
  await safe(page, 'the search')
  await page.getByRole('textbox', { name: 'subject' }).fill('nowhere')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await page.getByRole('alert').filter({ hasText: 'subject' }).waitFor()
}

export async function validation({ operator: { page, go } }) {
  await go(`/records?collection=${ITEM}&tab=invalid`)
  await page.getByText('are not compared with their lexicon').waitFor()
  await page.getByRole('link', { name: 'Choose a validation mode' }).click()
  await page.getByText('off', { exact: true }).waitFor()
  await page.getByText('flag', { exact: true }).click()
  await page.getByText('All records are compared anew').waitFor()
  await page.getByText('reject', { exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.locator('.validation').getByRole('link', { name: '1', exact: true }).click()
  await page.getByRole('tab', { name: 'Not as their lexicon says (1)', selected: true }).waitFor()
  const row = page.getByRole('row', { name: /broken/ })
  await row.getByText(/must/).waitFor()
  await safe(page, 'the list of what is wrong')
  await row.getByRole('button', { name: 'broken' }).click()
  await page.getByRole('dialog').getByText(/must/).waitFor()
  await safe(page, 'what is wrong with a record')
  await page.getByRole('link', { name: 'Open its page' }).click()
  await page.getByRole('heading', { name: 'broken' }).waitFor()
  await page.locator('.flaw').getByText(/must/).waitFor()
  await safe(page, 'the page of a record')
}

export async function links({ operator: { page, go }, ann }) {
  await go(`/records/${ann.did}/${SHOP}/corner`)
  const drawn = page.getByRole('group', { name: /^What links to this record/ })
  await drawn.getByText('subject.uri · 4').waitFor()
  await drawn.locator('text').filter({ hasText: /^<img/ }).first().waitFor()
  const list = page.getByRole('region', { name: 'What links here' })
  assert.equal(await list.getByRole('link').count(), 5)
  await safe(page, 'the picture of links')
  await drawn.getByRole('link', { name: `at://${ann.did}/${ITEM}/lamp` }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'lamp', exact: true }).waitFor()
  await page.getByRole('region', { name: 'The record' }).getByText('"A brass lamp"').waitFor()
  await page
    .getByRole('region', { name: 'What it links to' })
    .getByRole('link', { name: /corner$/ })
    .click()
  await page.getByRole('heading', { name: 'corner' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Go to' }).fill(`at://${ann.did}/${ITEM}/gone`)
  await page.keyboard.press('Enter')
  await page.getByText('This record is not in the index').waitFor()
}
