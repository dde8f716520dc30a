// Numbers, sizes and times as people read them.

/** Made when the first number of its kind is shown: each takes the browser some milliseconds. */
const late = <T>(make: () => T) => {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

const whole = late(() => new Intl.NumberFormat('en'))
const brief = late(() => new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }))
const part = late(() => new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 }))
const relative = late(() => new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'narrow' }))

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

export const number = (value: number) => whole().format(value)

/** A part of one, of a hundred. */
export const percent = (value: number) => part().format(value)

/** Short for what would not fit. */
export const compact = (value: number) => (Math.abs(value) < 100_000 ? number(value) : brief().format(value))

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
  const seconds = (at - now) / 1000
  const size = Math.abs(seconds)
  if (size < 5) return 'now'
  const [unit, length] = UNITS.find(([, length]) => size >= length) ?? ['second', 1]
  return relative().format(Math.trunc(seconds / length), unit)
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

export const did = (value: string) => (value.length > 24 ? `${value.slice(0, 14)}…${value.slice(-5)}` : value)
