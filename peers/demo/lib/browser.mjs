// Somebody's browser: curl with a jar of cookies. The form of their PDS is filled in by the test network.
import path from 'node:path'
import { quotedJson, readable } from './shell.mjs'

/** A page of the server that is always there. */
const PAGE = '/config'

export class Browser {
  /** `name` is one of the people; a variable of that name says where their cookies are. */
  constructor(demo, name) {
    this.demo = demo
    this.person = demo.people[name]
    this.jar = `"$${name.toUpperCase()}"`
    demo.export(name.toUpperCase(), path.join(demo.dir, `${name}.cookies`))
  }

  /** Goes to the PDS to sign in, and comes back; the URL at which the browser ends up. */
  async signIn(parameters = {}) {
    const { server, network } = this.demo
    const { handle, password } = this.person
    const cookies = `-b ${this.jar} -c ${this.jar}`
    const query = readable({ handle, redirect_uri: PAGE, ...parameters })
    const { url } = await this.demo.run(`curl -s ${cookies} '${server.url}/auth/login?${query}'`)
    const form = quotedJson({ url, identifier: handle, password })
    const { redirect } = await this.demo.run(`curl -s ${network.control}/oauth/approve -d ${form}`)
    return this.demo.run(`curl -s ${cookies} -o /dev/null -w '%{redirect_url}' '${redirect}'`)
  }

  /** The page to which people are sent who have signed in. */
  get home() {
    return this.demo.server.url + PAGE
  }

  get(pathname, options) {
    return this.demo.run(`curl -s -b ${this.jar} ${this.demo.server.url}${pathname}`, options)
  }

  /** As a page of the server itself does. */
  post(pathname, body) {
    const origin = `-H 'Origin: ${this.demo.server.url}'`
    return this.demo.run(`curl -s -b ${this.jar} ${origin} ${this.posting(pathname, body)}`)
  }

  /** The same without cookies, and without the page it comes from. */
  posting(pathname, body) {
    return `${this.demo.server.url}${pathname} -H 'Content-Type: application/json' -d ${quotedJson(body)}`
  }
}
