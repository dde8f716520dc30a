import { type ReactNode, useEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'

/** The look of the profile itself, which its owner may change. */
const LOOK = `
  :host { display: block; contain: content; border-radius: 0.5rem; }
  .profile { padding: 1.25rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--mantine-color-text); background: var(--card);
    border: 1px solid var(--line); border-radius: 0.5rem; overflow-wrap: anywhere; }
  .profile h2 { margin: 0; font-size: 1.25rem; }
  .profile p { margin: 0.25rem 0; }
  .profile .handle, .profile dt { color: var(--mantine-color-dimmed); font-size: 0.875rem; }
  .profile dl { display: grid; grid-template-columns: auto 1fr; gap: 0.25rem 1rem; margin: 0.75rem 0 0; }
  .profile dd { margin: 0; }
  .profile .banner { width: 100%; height: 9rem; object-fit: cover; border-radius: 0.375rem; }
  .profile .avatar { width: 4.5rem; height: 4.5rem; border-radius: 50%; object-fit: cover; }
  .profile .counts { display: flex; gap: 1rem; font-size: 0.875rem; flex-wrap: wrap; }
`

interface Props {
  username: string
  /** What the owner wrote, as the server has cleaned it: every selector is below the profile. */
  css: string
  children: ReactNode
}

/**
 * A place of its own for what somebody has styled: in its shadow, rules reach nothing outside, and being contained, nothing in it is
 * drawn outside.
 */
export function Custom({ username, css, children }: Props) {
  const host = useRef<HTMLDivElement>(null)
  const [root, setRoot] = useState<ShadowRoot | null>(null)
  useEffect(() => {
    if (host.current) setRoot(host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' }))
  }, [])
  useEffect(() => {
    if (root) root.adoptedStyleSheets = [sheet(LOOK), sheet(css)]
  }, [root, css])
  return (
    <div ref={host} className="custom">
      {root &&
        createPortal(
          <div className="profile" id={`profile-page-${username}`}>
            {children}
          </div>,
          root,
        )}
    </div>
  )
}

/** Sheets that are made like this fetch nothing by `@import`. */
function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet()
  made.replaceSync(css)
  return made
}
