import { createElement, Fragment, type ReactNode, useMemo } from 'react'

/** Elements that only say how text is meant; of everything else the text remains. */
const HARMLESS = new Set([
  ...[
    'p',
    'br',
    'b',
    'strong',
    'i',
    'em',
    'u',
    's',
    'del',
    'sub',
    'sup',
    'code',
    'pre',
    'blockquote',
    'hr',
    'span',
  ],
  ...[
    'ul',
    'ol',
    'li',
    'dl',
    'dt',
    'dd',
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
    'h1',
    'h2',
    'h3',
    'h4',
    'h5',
    'h6',
  ],
])

/** What nobody is to read. */
const UNSEEN = new Set([
  'script',
  'style',
  'template',
  'noscript',
  'title',
  'head',
  'iframe',
  'object',
  'embed',
  'svg',
  'math',
])

/** Addresses that a click may lead to. */
const FOLLOWED = /^(https?:|mailto:)/i

/** Headings of a text stand below the heading of the page. */
const LOWERED: Record<string, string> = { h1: 'h3', h2: 'h4', h3: 'h5', h4: 'h6', h5: 'h6' }

const VOID = new Set(['br', 'hr'])

/** Deeper than anybody writes. */
const DEEPEST = 40

function shown(node: Node, key: number, depth: number): ReactNode {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent
  if (!(node instanceof Element) || depth > DEEPEST) return null
  const name = node.localName
  if (UNSEEN.has(name)) return null
  if (name === 'img') return node.getAttribute('alt')
  const inner = [...node.childNodes].map((child, index) => shown(child, index, depth + 1))
  const href = name === 'a' ? (node.getAttribute('href') ?? '') : ''
  if (FOLLOWED.test(href))
    return (
      <a key={key} href={href} target="_blank" rel="noreferrer noopener nofollow ugc">
        {inner}
      </a>
    )
  if (VOID.has(name)) return createElement(name, { key })
  if (HARMLESS.has(name)) return createElement(LOWERED[name] ?? name, { key }, ...inner)
  return <Fragment key={key}>{inner}</Fragment>
}

/**
 * HTML of somebody else, which the server has cleaned already: it is read as a document in which nothing runs and nothing is fetched,
 * and made anew of elements without attributes.
 */
export function Rich({ html }: { html: string }) {
  const nodes = useMemo(() => {
    const { body } = new DOMParser().parseFromString(html, 'text/html')
    return [...body.childNodes].map((child, index) => shown(child, index, 0))
  }, [html])
  return <div className="prose">{nodes}</div>
}
