// Numbers, sizes and times as people read them.

import { t } from '@/i18n'

const f = t.figures

export const { number, percent } = f

/** Short for what would not fit. */
export function compact(value: number): string {
  if (Math.abs(value) < 100_000) return number(value)
  // What is written as a thousand of one kind is one of the next.
  const [size, name] = f.many.find(([size]) => Math.abs(value) >= size * 0.99995) ?? [1, '']
  return number(Math.round((value / size) * 10) / 10) + name
}

/** Per second, with as many digits as say something. */
export const rate = (value: number) =>
  value >= 10 || value === 0 ? number(Math.round(value)) : value.toFixed(1)

export function bytes(value: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let rest = value
  let unit = 0
  while (rest >= 1000 && unit < names.length - 1) {
    rest /= 1000
    unit += 1
  }
  return `${unit === 0 || rest >= 100 ? Math.round(rest) : rest.toFixed(1)} ${names[unit]}`
}

/** How long ago, or until; `now` in milliseconds. */
export function ago(iso: string, now: number): string {
  const at = Date.parse(iso)
  if (Number.isNaN(at)) return iso
  const seconds = (now - at) / 1000
  const size = Math.abs(seconds)
  if (size < 5) return f.now
  const [length, unit] = f.units.find(([length]) => size >= length) ?? [1, '']
  return (seconds < 0 ? f.until : f.ago)(Math.trunc(size / length), unit)
}

export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 90) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86_400)} d`
}

/** The end of a digest or DID says as much as all of it. */
export function short(value: string, length = 12): string {
  const rest = value.replace(/^sha256:/, '')
  return rest.length <= length ? rest : `${rest.slice(0, length)}…`
}

export const did = (value: string) => (value.length > 20 ? `${value.slice(0, 12)}…${value.slice(-4)}` : value)
