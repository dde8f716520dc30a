import './styles/mantine'
import './styles/app.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from '@/api/query'
import { nonce } from '@/app/base'
import { Late } from '@/app/late'
import { prepare } from '@/app/prepare'
import { router } from '@/app/router'
import { colours, theme } from '@/app/theme'

// What Mantine's scroll lock calls its element of style by (get-nonce).
Object.assign(globalThis, { __webpack_nonce__: nonce })

// On its way while the frame is drawn.
prepare()

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={colours}
        defaultColorScheme="auto"
        getStyleNonce={() => nonce}
      >
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
          <Late />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
