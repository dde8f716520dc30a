import { describe, expect, it } from 'vitest'
import { explain, isOff, missingPermission, sentence } from '@/api/problem'
import { busiest, lag, type Moment, rates } from '@/api/rates'
import { matches } from '@/app/match'
import { ago, bytes, compact, did, duration, number, percent, rate, short } from '@/components/format'
import { pieces } from '@/components/json'
import { line } from '@/components/spark'
import { check } from '@/pages/appview/lexicon-check'
import { limits, typeOf } from '@/pages/appview/lexicon-docs'
import { SAMPLES, sample, targetOf } from '@/pages/appview/samples'
import { parts } from '@/pages/registry/layers'

const moment = (after_ms: number, counts: Record<string, number>): Moment => ({
  after_ms,
  last_change: 0,
  collections: Object.entries(counts).map(([collection, created]) => ({
    collection,
    created,
    updated: 0,
    deleted: 0,
  })),
  sources: [],
  open_gaps: 0,
})

describe('what comes in', () => {
  it('is counted per second, whatever the time between two looks', () => {
    const moments = [moment(1000, { a: 2, b: 1 }), moment(2000, { a: 2 })]
    expect(rates(moments)).toEqual([3, 1])
    expect(rates(moments, 'b')).toEqual([1, 0])
    expect(busiest(moments, 10).map(({ collection }) => collection)).toEqual(['a', 'b'])
    expect(busiest(moments, 1)).toEqual([{ collection: 'a', rate: 1 }])
    expect(busiest([], 10)).toEqual([])
  })
  it('is behind by the age of the last event of a source that is followed', () => {
    const sources = [
      { name: 'old', time_us: 1e6, followed: false },
      { name: 'new', time_us: 5e6, followed: true },
    ]
    expect(lag({ ...moment(1, {}), sources }, 8000)).toBe(3)
    expect(lag(moment(1, {}), 8000)).toBeNull()
    expect(lag(undefined, 0)).toBeNull()
  })
})

describe('refusals', () => {
  it('are sentences', () => {
    expect(sentence('lexicon not found')).toBe('Lexicon not found.')
    expect(sentence('nobody.test is nobody')).toBe('nobody.test is nobody.')
    expect(explain({ status: 500, error: 'Internal server error', correlationId: 'ab' }, '')).toBe(
      'Internal server error. (ab)',
    )
    expect(explain(new TypeError('fetch'), 'away')).toBe('away')
  })
  it('name the permission that is missing', () => {
    const refusal = {
      status: 403,
      error: 'InsufficientPermissions',
      message: 'Missing permission: users:read',
    }
    expect(missingPermission(refusal)).toBe('users:read')
    expect(missingPermission({ status: 403, error: 'no' })).toBeUndefined()
    expect(isOff({ status: 404, error: 'Not found' })).toBe(true)
    expect(isOff({ status: 404, error: 'lexicon not found' })).toBe(false)
  })
})

describe('numbers', () => {
  it('are short', () => {
    expect([0, 999, 1000, 123_456, 5e9].map(bytes)).toEqual(['0 B', '999 B', '1.0 kB', '123 kB', '5.0 GB'])
    expect([0.25, 5, 89, 600, 7200, 1e6].map(duration)).toEqual([
      '250 ms',
      '5.0 s',
      '89 s',
      '10 min',
      '2 h',
      '12 d',
    ])
    expect([0, 0.25, 12.4].map(rate)).toEqual(['0', '0.3', '12'])
    expect(short('sha256:0123456789abcdef', 8)).toBe('01234567…')
    expect(did('did:plc:abcdefghijklmnopqrstuvwx')).toBe('did:plc:abcd…uvwx')
  })
  it('are written as the browser would write them', () => {
    const written = [0, 7, 999, 1000, 1234.5, 0.12345, 99_999.9996, 123_456_789, -4321]
    expect(written.map(number)).toEqual(written.map((one) => new Intl.NumberFormat('en').format(one)))
    const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })
    const many = [
      100_000, 123_456, 999_949, 999_950, 1_500_000, 12_345_678, 987_654_321, 5e9, 2.5e12, -1_200_000,
    ]
    expect(many.map(compact)).toEqual(many.map((one) => short.format(one)))
    expect([12, 99_999].map(compact)).toEqual(['12', '99,999'])
    const parts = [0, 0.004, 0.256, 1, 12.5]
    const percents = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 })
    expect(parts.map(percent)).toEqual(parts.map((one) => percents.format(one)))
  })
  it('say how long ago, and bear what is no time', () => {
    const now = Date.parse('2026-01-02T00:00:00Z')
    expect(ago('2026-01-02T00:00:00Z', now)).toBe('now')
    const other = (hours: number) => ago(new Date(now - hours * 3_600_000).toISOString(), now)
    expect([2, 1 / 60, 0.01, 30, 24 * 40, -3, -24 * 400].map(other)).toEqual([
      '2 h ago',
      '1 min ago',
      '36 s ago',
      '1 d ago',
      '1 mo ago',
      'in 3 h',
      'in 1 y',
    ])
    expect(ago('never', now)).toBe('never')
  })
})

describe('looking for a page', () => {
  it('takes letters in their order, and words in any', () => {
    expect(matches('AppView Dead letters', 'dlet')).toBe(true)
    expect(matches('AppView Dead letters', 'letters app')).toBe(true)
    expect(matches('AppView Dead letters', 'xyz')).toBe(false)
    expect(matches('anything', ' ')).toBe(true)
  })
})

describe('lexicons', () => {
  const complaints = (value: unknown) =>
    check(JSON.stringify(value, null, 1)).problems.map(({ message }) => message)
  it('are checked before the server is asked', () => {
    expect(complaints([])).toEqual(['A lexicon is an object.'])
    expect(complaints({ lexicon: 2, id: 'x', defs: 1 })).toHaveLength(3)
    const def = {
      type: 'record',
      record: { type: 'object', required: ['gone'], properties: { text: { type: 'text' } } },
    }
    const found = complaints({
      lexicon: 1,
      id: 'com.example.note',
      defs: { main: def, other: { type: 'query' } },
    })
    expect(found).toEqual([
      '"gone" is required in "main" but not one of its properties.',
      '"text" has the unknown type "text".',
      'Only "main" may be a query.',
    ])
  })
  it('leaves JSON that is none to the editor', () => {
    expect(check('{')).toEqual({ problems: [] })
  })
  it('finds no fault with the samples of the project', async () => {
    expect(SAMPLES.length).toBeGreaterThan(5)
    for (const id of SAMPLES) expect(check(await sample(id)).problems, id).toEqual([])
  })
  it('guesses which collection a sample is about', () => {
    expect(targetOf('xyz.statusphere.getStatuses', SAMPLES)).toBe('xyz.statusphere.status')
    expect(targetOf('com.example.none', SAMPLES)).toBe('')
  })
  it('tells types and limits', () => {
    expect(typeOf({ type: 'array', items: { type: 'string', format: 'did' } })).toBe('list of string (did)')
    expect(typeOf({ type: 'union', refs: ['#a', '#b'] })).toBe('#a | #b')
    expect(typeOf(undefined)).toBe('unknown')
    expect(limits({ maxLength: 3, enum: ['a', 'b'] })).toBe('maxLength 3; a, b')
  })
})

describe('pictures', () => {
  it('show layers as wide as they are heavy, and small ones, too', () => {
    const [big, small] = parts([1_000_000, 1])
    expect(big?.from).toBe(0)
    expect(small?.width).toBeGreaterThan(0.01)
    expect((small?.from ?? 0) + (small?.width ?? 0)).toBeCloseTo(1)
    expect(parts([])).toEqual([])
    expect(parts([0, 0]).map(({ width }) => width)).toEqual([0.5, 0.5])
  })
  it('draw lines from the right', () => {
    expect(line([0, 1], 3)).toEqual([
      [300, 98],
      [600, 4],
    ])
    expect(line([], 3)).toEqual([])
  })
})

describe('JSON', () => {
  it('is the same text in pieces', () => {
    const json = JSON.stringify(
      { key: 'a "quoted": text', list: [1, -2500, true, null], '<b>': '</b>' },
      null,
      2,
    )
    const found = pieces(json)
    expect(found.map(({ text }) => text).join('')).toBe(json)
    expect(found.filter(({ kind }) => kind === 'key').map(({ text }) => text)).toEqual([
      '"key"',
      '"list"',
      '"<b>"',
    ])
    expect(found.filter(({ kind }) => kind === 'number').map(({ text }) => text)).toEqual(['1', '-2500'])
  })
})
