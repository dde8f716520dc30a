import { Fragment } from 'react'
import { Copy } from './bits'

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g

interface Piece {
  text: string
  kind?: 'key' | 'string' | 'word' | 'number'
}

/** Pretty-printed JSON as pieces of one kind. */
export function pieces(json: string): Piece[] {
  const found: Piece[] = []
  let at = 0
  for (const match of json.matchAll(TOKEN)) {
    const [all, string, colon, word] = match
    if (match.index > at) found.push({ text: json.slice(at, match.index) })
    const kind = string ? (colon ? 'key' : 'string') : word ? 'word' : 'number'
    found.push({ text: string ?? all, kind })
    if (colon) found.push({ text: colon })
    at = match.index + all.length
  }
  if (at < json.length) found.push({ text: json.slice(at) })
  return found
}

/** Beyond this many characters colours cost more than they give. */
const COLOURED = 50_000

/** Any value, as text: nothing in it is HTML. */
export function Json({ value, label }: { value: unknown; label: string }) {
  const json = JSON.stringify(value, null, 2) ?? 'null'
  const parts: Piece[] = json.length > COLOURED ? [{ text: json }] : pieces(json)
  return (
    <div className="json">
      <Copy value={json} what={label} />
      {/* biome-ignore lint/a11y: what scrolls can be reached with the keyboard, and then needs a name */}
      <pre tabIndex={0} aria-label={label} role="region">
        {parts.map(({ text, kind }, index) =>
          kind ? (
            <span key={index} className={kind}>
              {text}
            </span>
          ) : (
            <Fragment key={index}>{text}</Fragment>
          ),
        )}
      </pre>
    </div>
  )
}
