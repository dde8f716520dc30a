import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Where a server runs that `npm run dev` passes requests on to. */
const server = process.env.BELVEDERE_URL ?? 'http://127.0.0.1:3000'

const OF_THE_SERVER =
  '^/(admin|api|auth|config|health|ready|settings|social|media|xrpc|v1|v2|v3|oauth|login)(/|$|\\?)'

export default defineConfig({
  test: { include: ['test/**'], environment: 'node' },
  // The server says where it is; what belongs together finds each other by relative paths.
  base: './',
  plugins: [react()],
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
  },
  server: { proxy: { [OF_THE_SERVER]: { target: server, changeOrigin: false } } },
})
