import { QueryClient } from '@tanstack/react-query'
import { statusOf } from './problem'

/** Refusals stay refusals; only what may pass is tried again. */
const mayPass = (error: unknown) =>
  ![400, 401, 403, 404, 405, 409, 410, 421, 422].includes(statusOf(error) ?? 0)

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => count < 2 && mayPass(error),
      refetchOnWindowFocus: true,
    },
  },
})
