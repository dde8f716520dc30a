import { lazy, Suspense, useEffect, useState } from 'react'

const Overlays = lazy(() => import('./overlays'))

/** So long the page has the machine for itself, in milliseconds, if nobody does anything. */
const WAIT = 1_500

/** What somebody does who may soon want to be told or asked something. */
const SIGNS = ['pointerdown', 'pointermove', 'keydown'] as const

/** What is not needed to see a page, a moment later. */
export function Late() {
  const [wanted, setWanted] = useState(false)
  useEffect(() => {
    const want = () => setWanted(true)
    const timer = setTimeout(want, WAIT)
    for (const sign of SIGNS) addEventListener(sign, want, { once: true, passive: true })
    return () => {
      clearTimeout(timer)
      for (const sign of SIGNS) removeEventListener(sign, want)
    }
  }, [])
  return wanted ? (
    <Suspense>
      <Overlays />
    </Suspense>
  ) : null
}
