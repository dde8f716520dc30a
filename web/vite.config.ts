import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Where a server runs that `npm run dev` passes requests on to. */
const server = process.env.BELVEDERE_URL ?? 'http://127.0.0.1:3000'

const OF_THE_SERVER =
  '^/(admin|api|auth|config|health|ready|settings|social|media|xrpc|v1|v2|v3|oauth|login)(/|$|\\?)'

const AT_ONCE = '//# allFunctionsCalledOnLoad\n'

/**
 * Says of what is loaded first that all its functions are compiled while it comes in, beside whatever else goes on, and not one by one
 * while the page waits for them (V8's explicit compile hints; to other browsers it is a comment).
 */
const compiledAtOnce: Plugin = {
  name: 'compiled-at-once',
  // Names are made of what is in files before it is put there.
  augmentChunkHash: () => AT_ONCE,
  generateBundle: {
    // Behind Vite, which puts something in front of files: the hint has to be what they begin with.
    order: 'post',
    handler(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk')
      const first = chunks.filter(({ isEntry }) => isEntry)
      const names = first.flatMap(({ fileName, imports }) => [fileName, ...imports])
      for (const chunk of chunks) if (names.includes(chunk.fileName)) chunk.code = AT_ONCE + chunk.code
    },
  },
}

/** Vite's own server fills nothing in: nothing is in front of its paths, and it has no policy. */
const unfilled: Plugin = {
  name: 'unfilled',
  apply: 'serve',
  transformIndexHtml: (html) => html.replaceAll(/%(BASE|NONCE)%/g, ''),
}

export default defineConfig({
  test: { include: ['test/**'], environment: 'node' },
  // The server says where it is; what belongs together finds each other by relative paths.
  base: './',
  plugins: [react(), compiledAtOnce, unfilled],
  resolve: { alias: { '@': here('./src') } },
  css: { postcss: here('./postcss.config.mjs') },
  build: {
    target: 'es2022',
    // The folder says of itself that it is not kept: tools/clean.mjs leaves that there.
    emptyOutDir: false,
    sourcemap: false,
    // Inlined, a font or a picture would need a wider policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What most pages have comes with the first one, and not as a dozen small files one after the other.
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\//, priority: 2 },
            { name: 'common', minShareCount: 22, priority: 1 },
          ],
        },
      },
    },
  },
  server: { proxy: { [OF_THE_SERVER]: { target: server, changeOrigin: false } } },
})
