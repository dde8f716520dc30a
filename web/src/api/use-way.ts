import { useQuery } from '@tanstack/react-query'
import { done } from '@/components/act'
import { client } from './client'

/** How the server would answer a query with these parameters, as they stand in an address. */
export const useWay = (nsid: string, query: string, enabled = true) =>
  useQuery({
    queryKey: ['way', nsid, query],
    enabled,
    queryFn: () =>
      done(
        client.GET('/admin/queries/{nsid}/explain', {
          params: { path: { nsid } },
          querySerializer: () => query,
        }),
      ),
  })
