import { useEffect, useRef } from 'react'
import { t } from '@/i18n'

/** Of which page people have been told that they are there. The browser itself tells of the first. */
let told = location.pathname

/**
 * Names the page, and when somebody has come from another goes to its heading: who does not see it hears where they are, and the
 * keyboard goes on from there.
 */
export function useArrival(title: string) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ${t.appName}`
    if (told === location.pathname) return
    told = location.pathname
    heading.current?.focus({ preventScroll: true })
  }, [title])
  return heading
}
