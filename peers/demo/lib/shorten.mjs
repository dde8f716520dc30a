// JSON for reading: what fits on a line stays on one, long lists and texts are cut.

const WIDTH = 104
const ITEMS = 3
const TEXT = 90
const LINES = 24

export function shorten(value) {
  const lines = render(value, '').split('\n')
  return lines.length > LINES
    ? [...lines.slice(0, LINES), `… ${lines.length - LINES} more lines`].join('\n')
    : lines.join('\n')
}

function render(value, indent) {
  const inner = indent + '  '
  if (typeof value === 'string')
    return JSON.stringify(value.length > TEXT ? value.slice(0, TEXT) + '…' : value)
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const isList = Array.isArray(value)
  const hidden = isList ? value.length - ITEMS : 0
  const parts = isList
    ? value.slice(0, hidden > 1 ? ITEMS : value.length).map((item) => render(item, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${render(item, inner)}`)
  if (hidden > 1) parts.push(`… ${hidden} more`)
  const [open, close] = isList ? '[]' : '{}'
  const space = isList || !parts.length ? '' : ' '
  const line = `${open}${space}${parts.join(', ')}${space}${close}`
  if (!line.includes('\n') && indent.length + line.length <= WIDTH && !(hidden > 1)) return line
  return `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${indent}${close}`
}
