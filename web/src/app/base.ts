// What the server says in the page: which path is in front of all others, and what makes an element of style one of ours.
const meta = document.querySelector<HTMLMetaElement>('meta[name=belvedere]')

/** In front of all paths of the server; empty or begins with a slash. */
export const base = meta?.content ?? ''

/** For elements of style. */
export const nonce = meta?.dataset.nonce ?? ''

/** Where the app is. */
export const home = `${base}/dashboard`

/** The address of something on the server, for links that leave the app. */
export const at = (path: string) => base + path
