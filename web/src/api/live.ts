import { useEffect, useState } from 'react'
import { at } from '@/app/base'
import type { Moment } from './rates'

/** How much is remembered, in moments. */
export const REMEMBERED = 90

interface Live {
  moments: Moment[]
  connected: boolean
}

/** Follows the server's events of a stream from now on; comes again when the connection breaks. */
export function useEvents<T>(path: string | null, name: string, take: (value: T) => void): boolean {
  const [connected, setConnected] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is done with an event may change without a new connection
  useEffect(() => {
    if (!path) return
    const source = new EventSource(at(path))
    source.onopen = () => setConnected(true)
    source.onerror = () => setConnected(false)
    source.addEventListener(name, (event) => take(JSON.parse(event.data)))
    return () => source.close()
  }, [path, name])
  return connected
}

export function useLive(enabled: boolean): Live {
  const [moments, setMoments] = useState<Moment[]>([])
  const connected = useEvents<Moment>(enabled ? '/admin/live' : null, 'moment', (moment) =>
    setMoments((before) => [...before.slice(1 - REMEMBERED), moment]),
  )
  return { moments, connected }
}
