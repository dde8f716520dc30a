// What the OAuth libraries keep, for one run.

class Store extends Map {
  async del(key) {
    this.delete(key)
  }
}

/** The options that say where sign-ins under way and sessions are kept. */
export const stores = () => ({ stateStore: new Store(), sessionStore: new Store() })
