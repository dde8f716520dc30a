import { describe, expect, it } from 'vitest'
import { address, grouped, references } from '@/api/links'
import { costOf, type Explained, wayOf } from '@/api/way'
import { excerpt } from '@/pages/appview/excerpt'
import { isExact } from '@/pages/appview/kept'
import { local, parametersOf, read, universal, written } from '@/pages/appview/parameters'
import { cut, picture } from '@/pages/appview/picture'
import { draft } from '@/pages/appview/query-draft'

const uri = 'at://did:plc:a/com.example.note/3k'

describe('addresses of records', () => {
  it('are read however they are written, and only if they are some', () => {
    for (const text of [uri, 'at:/did:plc:a/com.example.note/3k', 'did:plc:a/com.example.note/3k'])
      expect(address(text)).toEqual({ uri, did: 'did:plc:a', collection: 'com.example.note', rkey: '3k' })
    expect(address('at://alice.test/com.example.note/3k')?.did).toBe('alice.test')
    for (const text of [
      'at://did:plc:a',
      'at://did:plc:a/com.example.note',
      `${uri}/more`,
      'nothing/of/this',
      '',
    ])
      expect(address(text)).toBeUndefined()
  })
  it('are found in records, each once for a field', () => {
    const record = { a: uri, b: [{ uri }, { uri }, { uri: 'at://x' }], c: { d: 'text at://' } }
    expect(references(record)).toEqual([
      { path: 'a', uri },
      { path: 'b[].uri', uri },
      { path: 'b[].uri', uri: 'at://x' },
    ])
    expect(references(undefined)).toEqual([])
  })
  it('are grouped by collection and field', () => {
    const found = [
      { collection: 'a.b.c', records: [{ uri: 'at://1', paths: ['x', 'y'] }] },
      { collection: 'a.b.d', cursor: 'x', records: [1, 2].map((n) => ({ uri: `at://${n}`, paths: ['z'] })) },
    ]
    expect(grouped(found)).toEqual([
      { collection: 'a.b.d', path: 'z', uris: ['at://1', 'at://2'], more: true },
      { collection: 'a.b.c', path: 'x', uris: ['at://1'], more: false },
      { collection: 'a.b.c', path: 'y', uris: ['at://1'], more: false },
    ])
  })
})

describe('the picture of links', () => {
  const words = { count: () => '9', more: (count: number) => `+${count}`, here: 'here' }
  const uris = Array.from({ length: 9 }, (_, n) => `at://did:plc:b/a.b.c/${n}`)
  const incoming = [{ collection: 'a.b.c', path: 'x', uris, more: false }]
  const outgoing = [{ path: 'y', uri: 'at://did:plc:c/a.b.d/1' }]
  const boxes = (width: number) => {
    const drawn = picture(uri, incoming, outgoing, width, words)
    return { ...drawn, all: [...drawn.boxes, drawn.middle] }
  }
  it('stays within its room, wide and narrow', () => {
    for (const width of [320, 639, 640, 1000, 2000]) {
      const { all, height } = boxes(width)
      for (const box of all) {
        expect(box.x).toBeGreaterThanOrEqual(0)
        expect(box.x + box.width).toBeLessThanOrEqual(width)
        expect(box.y).toBeGreaterThanOrEqual(0)
        expect(box.y + box.height).toBeLessThanOrEqual(height)
      }
    }
  })
  it('has columns where there is room, and rows where there is none', () => {
    expect(new Set(boxes(1000).all.map(({ x }) => x)).size).toBe(3)
    expect(new Set(boxes(320).all.map(({ x }) => x)).size).toBe(1)
    expect(boxes(1000).arrows).toHaveLength(2)
  })
  it('says how many more there are', () => {
    const [first] = boxes(1000).boxes
    expect(first?.lines.map(({ text }) => text)).toEqual(['0', '1', '2', '+6'])
    expect(cut('a'.repeat(50), 69)).toBe(`${'a'.repeat(9)}…`)
  })
})

describe('parameters', () => {
  it('stand in an address, a name for each value', () => {
    const values = { state: ['open', 'closed'], q: ['a b'], empty: [''] }
    expect(written(values)).toBe('state=open&state=closed&q=a+b')
    expect(read(written(values))).toEqual({ state: ['open', 'closed'], q: ['a b'] })
  })
  it('are those that the lexicon declares', () => {
    const main = { parameters: { required: ['a'], properties: { a: { type: 'string' }, b: null } } }
    expect(parametersOf({ defs: { main } }).map(({ name, required }) => [name, required])).toEqual([
      ['a', true],
      ['b', false],
    ])
    expect(parametersOf(null)).toEqual([])
  })
  it('are datetimes of here for people, and of everywhere for records', () => {
    expect(universal(local('2026-01-02T03:04:05.000Z'))).toBe('2026-01-02T03:04:05.000Z')
    expect([local('yesterday'), universal('')]).toEqual(['', ''])
  })
})

describe('ways to an answer', () => {
  const way = (given: Partial<Explained>): Explained => ({
    ...{ access: 'scan', index: null, index_description: null, looked_up: [], looked_at: [], sorts: false },
    ...{ candidates: null, order: 'in the order in which records were first seen, descending', ...given },
  })
  it('are called what they cost', () => {
    expect([wayOf(way({})), costOf(way({}))]).toEqual(['list', 'cheap'])
    expect(costOf(way({ looked_at: ['price >='] }))).toBe('dear')
    expect(costOf(way({ order: 'in the order of price, ascending' }))).toBe('dear')
    expect(costOf(way({ access: 'index' }))).toBe('cheap')
    expect(costOf(way({ access: 'index', looked_at: ['tags ='] }))).toBe('bounded')
    expect(costOf(way({ access: 'words' }))).toBe('bounded')
  })
})

describe('a drafted query', () => {
  it('has the fields of the records as conditions', () => {
    const properties = {
      title: { type: 'string' },
      price: { type: 'integer' },
      createdAt: { type: 'string', format: 'datetime' },
      tags: { type: 'array', items: { type: 'string' } },
      subject: { type: 'ref', ref: 'com.atproto.repo.strongRef' },
      other: { type: 'ref', ref: '#other' },
      cursor: { type: 'string' },
    }
    const drafted = draft({ id: 'com.example.item', defs: { main: { record: { properties } } } })
    expect(parametersOf(drafted).map(({ name }) => name)).toEqual(
      ['limit', 'cursor', 'did', 'title', 'priceMin', 'priceMax', 'createdAtAfter', 'createdAtBefore'].concat(
        ...[
          ['tags', 'subject'],
          ['sort', 'q'],
        ],
      ),
    )
    expect(drafted).toMatchObject({ lexicon: 1, id: 'com.example.listItems' })
    expect(draft({ id: 'com.example.item', defs: {} })).toBeUndefined()
  })
})

describe('records', () => {
  it('are told apart at a glance', () => {
    const record = { $type: 'x', subject: { uri }, at: 'at://did:plc:abcdefghijk/a/b', title: 'A lamp', n: 1 }
    expect(excerpt(record)).toBe(
      `title: A lamp · n: 1 · at: at://did:plc:abcdef…/a/b · subject: ${JSON.stringify({ uri })}`,
    )
    expect(excerpt({ text: 'a'.repeat(200) })).toHaveLength(161)
  })
  it('are not described by numbers that browsers round', () => {
    expect(isExact({ maximum: 2 ** 53 - 1, pi: 0.5, list: [1] })).toBe(true)
    expect(isExact({ list: [{ maximum: 2 ** 53 }] })).toBe(false)
  })
})
