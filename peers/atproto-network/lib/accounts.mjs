// The accounts of a network: made on its PDSes, remembered with their passwords and sessions.
import fs from 'node:fs'
import { bad, request } from './http.mjs'

/** An access token lives two hours; it is renewed well before. */
const SESSION_MS = 60 * 60_000

export class Accounts {
  /** { index, handle, did, password, email, pds, jwt?, jwtAt?, active?, deleted? } in order of creation. */
  list = []
  #byDid = new Map()
  #byHandle = new Map()
  #adding = Promise.resolve()

  /** With a `file` the accounts survive a restart. */
  constructor({ pdses, dns, adminPassword, file }) {
    Object.assign(this, { pdses, dns, adminPassword, file })
    if (file && fs.existsSync(file))
      for (const a of JSON.parse(fs.readFileSync(file, 'utf8'))) this.#register({ ...a, pds: pdses[a.pds] })
  }

  get length() {
    return this.list.length
  }

  get dids() {
    return this.list.map((a) => a.did)
  }

  has(handle) {
    return this.#byHandle.has(handle)
  }

  /** By DID, handle or index. */
  find(ref) {
    const byIndex = /^\d+$/.test(String(ref)) ? this.list[Number(ref)] : undefined
    const account = this.#byDid.get(ref) ?? this.#byHandle.get(ref) ?? byIndex
    if (!account) throw bad(`no such account: ${ref}`, 404)
    return account
  }

  view({ index, handle, did, password, pds, active, deleted }) {
    return {
      index,
      handle,
      did,
      password,
      pds: pds.url,
      ...(active === false ? { active } : {}),
      ...(deleted ? { deleted } : {}),
    }
  }

  /** One after the other, across callers too: the order decides index and handle. */
  add(count, options = {}) {
    const made = this.#adding.then(() => this.#add(count, options))
    this.#adding = made.catch(() => {})
    return made
  }

  async #add(count, { handle, password, pds }) {
    const made = []
    for (let i = 0; i < count; i++) made.push(await this.#create({ handle, password, pds }))
    this.#save()
    return made
  }

  /** Handles default to user0000.test, user0001.test, ... spread over the PDSes. */
  async #create({ handle, password, pds }) {
    const index = this.list.length
    const host = this.pdses[pds ?? index % this.pdses.length]
    if (!host) throw bad(`no such pds: ${pds}`)
    handle ??= `user${String(index).padStart(4, '0')}${host.domains[0]}`
    password ??= `password-${handle}`
    const email = `${handle.replaceAll('.', '-')}@mail.example.com`
    const r = await request('POST', `${host.url}/xrpc/com.atproto.server.createAccount`, {
      headers: { 'x-network-key': handle, 'x-ratelimit-bypass': this.adminPassword },
      body: { handle, email, password },
    })
    if (r.status !== 200) throw bad(`createAccount ${handle}: ${r.status} ${r.text()}`, 502)
    const { did, accessJwt } = r.json()
    return this.#register({
      index,
      handle,
      did,
      password,
      email,
      pds: host,
      jwt: accessJwt,
      jwtAt: Date.now(),
    })
  }

  #register(account) {
    this.list[account.index] = account
    this.#byDid.set(account.did, account)
    if (!account.deleted) this.#nameIs(account, account.handle)
    return account
  }

  #nameIs(account, handle) {
    account.handle = handle
    this.#byHandle.set(handle, account)
    this.dns.setTxt(`_atproto.${handle}`, `did=${account.did}`)
    this.dns.hosts.add(handle)
  }

  #forgetName({ handle }) {
    this.#byHandle.delete(handle)
    this.dns.setTxt(`_atproto.${handle}`, [])
    this.dns.hosts.delete(handle)
  }

  #save() {
    if (!this.file) return
    const rows = this.list.map(({ jwt, jwtAt, pds, ...row }) => ({ ...row, pds: pds.index }))
    fs.writeFileSync(this.file, JSON.stringify(rows))
  }

  /** A valid access token. */
  async session(account) {
    if (account.jwt && Date.now() - account.jwtAt < SESSION_MS) return account.jwt
    const r = await request('POST', `${account.pds.url}/xrpc/com.atproto.server.createSession`, {
      headers: { 'x-ratelimit-bypass': this.adminPassword },
      body: { identifier: account.did, password: account.password },
    })
    if (r.status !== 200) throw bad(`createSession ${account.handle}: ${r.status} ${r.text()}`, 502)
    account.jwt = r.json().accessJwt
    account.jwtAt = Date.now()
    return account.jwt
  }

  /** Calls a procedure of the account's PDS as the account. A Buffer is sent as it is, with `headers` naming its type. */
  async xrpc(account, nsid, body, headers = {}) {
    const r = await request('POST', `${account.pds.url}/xrpc/${nsid}`, {
      headers: {
        authorization: `Bearer ${await this.session(account)}`,
        'x-ratelimit-bypass': this.adminPassword,
        ...headers,
      },
      body,
    })
    const json = r.body.length ? r.json() : {}
    if (r.status !== 200)
      throw Object.assign(bad(`${nsid}: ${r.status} ${JSON.stringify(json)}`, r.status), { xrpc: json })
    return json
  }

  async #admin(pds, nsid, body) {
    const r = await request('POST', `${pds.url}/xrpc/${nsid}`, { headers: pds.adminHeaders(), body })
    if (r.status !== 200) throw bad(`${nsid}: ${r.status} ${r.text()}`, r.status)
    return r.body.length ? r.json() : {}
  }

  /** `action`: deactivate, activate, takedown, untakedown or delete. */
  async setStatus(account, action) {
    const out = await this.#setStatus(account, action)
    account.active = action === 'activate' || action === 'untakedown'
    if (action === 'delete') {
      account.deleted = true
      this.#forgetName(account)
    }
    this.#save()
    return out
  }

  #setStatus(account, action) {
    const takedown = (applied) =>
      this.#admin(account.pds, 'com.atproto.admin.updateSubjectStatus', {
        subject: { $type: 'com.atproto.admin.defs#repoRef', did: account.did },
        takedown: applied ? { applied, ref: 'test' } : { applied },
      })
    switch (action) {
      case 'deactivate':
        return this.xrpc(account, 'com.atproto.server.deactivateAccount', {})
      case 'activate':
        return this.xrpc(account, 'com.atproto.server.activateAccount')
      case 'takedown':
        return takedown(true)
      case 'untakedown':
        return takedown(false)
      case 'delete':
        return this.#admin(account.pds, 'com.atproto.admin.deleteAccount', { did: account.did })
      default:
        throw bad(`unknown action: ${action}`)
    }
  }

  async setHandle(account, handle) {
    await this.#admin(account.pds, 'com.atproto.admin.updateAccountHandle', { did: account.did, handle })
    this.#forgetName(account)
    this.#nameIs(account, handle)
    this.#save()
    return {}
  }
}
