/** Digits in threes, from the right. */
const grouped = (digits: string) => digits.replace(/\B(?=(\d{3})+$)/g, ',')

/**
 * Numbers and times as they are written in English. Browsers can do that for every language, but the first of each kind takes them
 * a fifth of a second on a slow machine, before anything is shown.
 */
export const figures = {
  /** With at most three digits behind the point. */
  number: (value: number) => {
    const [whole = '', rest] = String(Math.round(value * 1000) / 1000).split('.')
    return rest ? `${grouped(whole)}.${rest}` : grouped(whole)
  },
  /** A part of one, of a hundred. */
  percent: (part: number) => `${grouped(String(Math.round(part * 100)))}%`,
  /** What many is called, from the most. */
  many: [
    [1e12, 'T'],
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'K'],
  ] as [number, string][],
  now: 'now',
  /** Units of time with their lengths in seconds, from the longest. */
  units: [
    [31_536_000, 'y'],
    [2_592_000, 'mo'],
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as [number, string][],
  ago: (count: number, unit: string) => `${count} ${unit} ago`,
  until: (count: number, unit: string) => `in ${count} ${unit}`,
}
