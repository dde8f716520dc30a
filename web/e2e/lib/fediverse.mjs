// The microblog among others: a server that shares no code with ours, made with Fedify, and somebody on it.
import assert from 'node:assert/strict'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { deflateSync } from 'node:zlib'
import { Child } from '../../../peers/demo/lib/children.mjs'
import { INTRUSION, intruded } from './intruder.mjs'

const FOLDER = fileURLToPath(new URL('../../../peers/activitypub', import.meta.url))

/** How long the other server waits for what is to arrive, in milliseconds. */
const PATIENCE = 20_000

export const isInstalled = () => fs.existsSync(path.join(FOLDER, 'node_modules'))

/** Bob, elsewhere. */
class Bob {
  static async start({ dir }) {
    const port = await freePort()
    const args = ['peer.mjs', '--user', 'bob', '--rsa-bits', '2048', '--port', String(port)]
    const onCrash = (error) => process.stderr.write(`${error.message}\n`)
    const log = path.join(dir, 'fedify.log')
    const bob = new Bob()
    bob.child = await Child.start(process.execPath, args, { env: process.env, cwd: FOLDER, log, onCrash })
    Object.assign(bob, bob.child.ready)
    return bob
  }

  async do(command, body) {
    const answer = await fetch(`${this.origin}/_peer/${command}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    const text = await answer.text()
    assert.ok(answer.ok, `${command}: ${text}`)
    return JSON.parse(text)
  }

  /** The first activity of a type that it believed and that is the one. */
  async received(type, isIt) {
    for (let after = 0; ; ) {
      const url = `${this.origin}/_peer/received?type=${type}&after=${after}&wait=${PATIENCE}`
      const events = await (await fetch(url)).json()
      assert.ok(events.length > 0, `it believed no such ${type}`)
      const found = events.find(({ json }) => isIt(json))
      if (found) return found.json
      after = events.at(-1).seq
    }
  }
}

export async function fediverse({ stage, operator: { page, go } }) {
  const bob = await Bob.start(stage)
  await bob.do('profile', { name: `Bob ${INTRUSION}`, summary: `<p>Elsewhere ${INTRUSION}</p>` })
  const runs = async (where) =>
    assert.equal(await page.evaluate(intruded), false, `${where} runs what somebody elsewhere wrote`)

  // Somebody there is found and followed.
  await go(`/social/search?q=${encodeURIComponent(bob.handle)}`)
  const card = page.getByRole('region', { name: 'On another server' })
  await card.getByRole('link').click()
  await page.getByRole('button', { name: 'Follow', exact: true }).click()
  await page.getByRole('button', { name: 'Unfollow' }).waitFor()
  await runs('a profile')
  const { actor } = await bob.received('Follow', () => true)
  await bob.do('follow', { target: actor })
  await bob.received('Accept', ({ object }) => JSON.stringify(object).includes(actor))

  // What they write appears, and says nothing that runs.
  await go('/social?feed=home')
  const { id } = await bob.do('post', {
    html: `<p>Greetings from <b onclick="globalThis.intruded=1">far away</b> ${INTRUSION}
      <a href="javascript:globalThis.intruded=1">click</a></p>`,
    summary: INTRUSION.slice(0, 60),
    visibility: 'public',
  })
  await page.getByRole('button', { name: 'Show 1 new' }).click()
  const note = page.locator('.thought', { hasText: 'Bob' }).first()
  await note.getByRole('button', { name: 'Show', exact: true }).click()
  await note.getByText(/Greetings from/).waitFor()
  assert.equal(await note.locator('[href^=javascript]').count(), 0)
  await runs('a timeline')

  // It is answered, and the answer arrives.
  await note.getByRole('link', { name: /answer/ }).click()
  await page.getByRole('textbox', { name: 'Your answer' }).fill('Greetings back.')
  await page.getByRole('button', { name: 'Publish' }).click()
  await page.locator('.thought', { hasText: 'Greetings back.' }).waitFor()
  await runs('a thread')
  const answer = await bob.received('Create', ({ object }) => object?.inReplyTo === id)
  assert.match(answer.object.content, /Greetings back\./)
  assert.equal(answer.actor, actor)

  // They answer in turn, which is told.
  await bob.do('post', { content: 'And again.', inReplyTo: answer.object.id, mentions: [actor] })
  await go('/social/notifications')
  await page.getByText('answered you').first().waitFor()
  await runs('a list of notifications')

  // An alias is looked up where it is, and a move to somebody who does not say that it is theirs is refused.
  await go('/social/settings')
  const moving = page.getByRole('region', { name: 'Other accounts of yours' })
  await moving.getByRole('textbox', { name: 'An account of yours elsewhere' }).fill(bob.handle)
  await moving.getByRole('button', { name: 'Add' }).click()
  await moving.getByText(bob.actor).waitFor()
  await moving.getByRole('textbox', { name: 'Move to another account' }).fill(bob.actor)
  await moving.getByRole('button', { name: 'Move', exact: true }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Move' }).click()
  await page.locator('.mantine-Notification-root').filter({ hasNotText: 'Saved' }).first().waitFor()
  await moving.getByRole('textbox', { name: 'Move to another account' }).waitFor()
  await moving.getByRole('button', { name: /^Delete/ }).click()
  await moving.getByText(bob.actor).waitFor({ state: 'detached' })
  return bob
}

/** Pictures go with a thought, with words for those who do not see them. */
export async function pictures({ operator: { page, go } }, bob) {
  await go('/social?feed=home')
  const files = ['red', 'blue'].map((name, at) => ({
    name: `${name}.png`,
    mimeType: 'image/png',
    buffer: png(160, 100, at === 0 ? [200, 60, 50] : [50, 90, 200]),
  }))
  await page.locator('input[type=file]').first().setInputFiles(files)
  await page.locator('.drafts img').nth(1).waitFor()
  await page.getByRole('button', { name: 'Leave blue.png out' }).click()
  await page.locator('.drafts img').nth(1).waitFor({ state: 'detached' })
  await page.getByRole('textbox', { name: 'What is in red.png' }).fill('A red square')
  await page.getByRole('textbox', { name: 'What are you thinking?' }).fill('Look at this.')
  await page.getByRole('button', { name: 'Publish' }).click()
  const picture = page.getByRole('img', { name: 'A red square' })
  await picture.waitFor()
  await picture.scrollIntoViewIfNeeded()
  await page.waitForFunction(() => document.querySelector('.pictures img')?.naturalWidth === 160)
  await page.locator('.drafts').waitFor({ state: 'detached' })
  if (!bob) return
  const { object } = await bob.received('Create', ({ object }) => /Look at this/.test(object?.content ?? ''))
  const [attachment] = [object.attachment].flat()
  assert.equal(attachment.name ?? attachment.summary, 'A red square')
}

/** Of one colour. */
function png(width, height, colour) {
  const row = Buffer.from([0, ...Array.from({ length: width }, () => colour).flat()])
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data])
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    sum.writeUInt32BE(crc(body))
    return Buffer.concat([length, body, sum])
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const data = deflateSync(Buffer.concat(Array.from({ length: height }, () => row)))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}

function crc(bytes) {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return (sum ^ 0xffffffff) >>> 0
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
