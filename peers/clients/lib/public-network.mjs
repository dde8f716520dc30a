// Where the public network is on loopback, for clients that have its addresses built in.

/** Tells which URLs are at home in the given network: the PLC directory and Google's DNS over HTTPS. */
export function homesOf({ plc, doh }) {
  const homes = new Map([
    ['https://plc.directory', (url) => new URL(url.pathname, plc)],
    ['https://dns.google', (url) => new URL(url.search, doh)],
  ])
  return {
    has: (url) => homes.has(new URL(url).origin),
    find: (url) => homes.get(new URL(url).origin)(new URL(url)).href,
  }
}

/** A `fetch` for which the public network is the given one. */
export function fetchIn(network) {
  const homes = homesOf(network)
  return (input, init) => {
    const request = new Request(input, init)
    return fetch(homes.has(request.url) ? new Request(homes.find(request.url), request) : request)
  }
}
