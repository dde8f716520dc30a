import { useRouter } from '@tanstack/react-router'
import { type MouseEvent, memo, useEffect } from 'react'
import { Icon } from '@/components/icon'
import { home } from './base'
import { AREAS, type Place } from './nav'

export const isAt = (path: string, to: string, exact?: boolean) =>
  exact ? path === to || path === `${to}/` : path === to || path.startsWith(`${to}/`)

/** Where one can go from everywhere. They are plain links: so many that follow the router each would cost as much as a page. */
export function Places({ path }: { path: string }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: where one is shall be seen whenever that changes
  useEffect(() => {
    // With the next picture, for which the browser finds out anyway where everything is.
    const frame = requestAnimationFrame(() =>
      document.querySelector('.nav [aria-current]')?.scrollIntoView({ block: 'nearest' }),
    )
    return () => cancelAnimationFrame(frame)
  }, [path])
  return AREAS.map(({ label, places }) => (
    <div key={label}>
      {label && <div className="nav-area">{label}</div>}
      {places.map((place) => (
        <Link key={place.to} place={place} active={isAt(path, place.to, place.exact)} />
      ))}
    </div>
  ))
}

const isPlain = ({ button, metaKey, ctrlKey, shiftKey, altKey }: MouseEvent) =>
  button === 0 && !metaKey && !ctrlKey && !shiftKey && !altKey

const Link = memo(({ place: { to, label, icon }, active }: { place: Place; active: boolean }) => {
  const router = useRouter()
  const prepare = () => void router.preloadRoute({ to }).catch(() => undefined)
  return (
    <a
      href={home + to}
      aria-current={active ? 'page' : undefined}
      onPointerEnter={prepare}
      onFocus={prepare}
      onClick={(event) => {
        if (!isPlain(event)) return
        event.preventDefault()
        void router.navigate({ to })
      }}
    >
      <Icon name={icon} />
      {label}
    </a>
  )
})
Link.displayName = 'Link'
