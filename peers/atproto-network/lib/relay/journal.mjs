// The relay's memory on disk: JSON lines, either an event with its time or the upstream cursors.
import fs from 'node:fs'

export class Journal {
  #out = null

  /** Without a file nothing is kept. */
  constructor(file) {
    this.file = file
  }

  /** Calls `onEvent(t, event)` for each kept event; returns the last { cursor: {pds url: seq}, raw } or nulls. */
  restore(onEvent) {
    let last = { cursor: {}, raw: 0 }
    if (!this.file || !fs.existsSync(this.file)) return last
    for (const line of fs.readFileSync(this.file, 'utf8').split('\n')) {
      if (!line) continue
      const row = JSON.parse(line)
      if (row.cursor) last = row
      else onEvent(row.t, row.event)
    }
    return last
  }

  append(row) {
    if (!this.file) return
    this.#out ??= fs.createWriteStream(this.file, { flags: 'a' })
    this.#out.write(JSON.stringify(row) + '\n')
  }

  close() {
    return new Promise((done) => (this.#out ? this.#out.end(done) : done()))
  }
}
