import type { ReactNode } from 'react'

/** What there is to say about something, in as many columns as there is room for. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="facts">{children}</dl>
}

/** One of them; `help` is a sentence below it. */
export function Fact({ name, help, children }: { name: string; help?: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="break">{children}</dd>
      {help && <dd className="quiet">{help}</dd>}
    </div>
  )
}
