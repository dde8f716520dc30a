// The web server of a third-party app: one page, wherever one comes in.
import { once } from 'node:events'
import http from 'node:http'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const SCRIPT = fileURLToPath(new URL('../pages/app.mjs', import.meta.url))

/** Serves the app on a free port of this machine while `visit` uses it; gives it the origin. */
export async function withApp(surroundings, visit) {
  const script = await bundle()
  const server = http.createServer((request, response) => {
    const isScript = request.url === '/app.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8')
    response.end(isScript ? script : page(surroundings))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    return await visit(`http://127.0.0.1:${server.address().port}`)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

async function bundle() {
  const options = { entryPoints: [SCRIPT], bundle: true, format: 'esm', platform: 'browser', write: false }
  const { outputFiles } = await build(options)
  return outputFiles[0].contents
}

const page = (surroundings) => `<!doctype html>
<title>Notes</title>
<script>globalThis.surroundings = ${JSON.stringify(surroundings).replaceAll('<', '\\u003c')}</script>
<script type="module" src="/app.js"></script>
`
