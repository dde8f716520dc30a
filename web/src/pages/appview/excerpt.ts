/** Identifiers say little, and take all the room. */
const shortened = (text: string) =>
  text.replace(/(did:\w+:\w{6})[^/"]+/g, '$1…').replace(/\b(baf\w{6})\w{20,}/g, '$1…')

/** What distinguishes a record at a glance: its values without its type, what is long and deep at the end. */
export function excerpt(record: unknown, length = 160): string {
  const { $type: _, ...rest } = (record ?? {}) as { [name: string]: unknown }
  const weight = (value: unknown) =>
    typeof value === 'object' ? 2 : String(value).startsWith('at://') ? 1 : 0
  const text = Object.entries(rest)
    .sort(([, a], [, b]) => weight(a) - weight(b))
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .map(shortened)
    .join(' · ')
  return text.length > length ? `${text.slice(0, length)}…` : text
}
