// How the tour looks: plain text, colour only on a terminal.
import { shorten } from './shorten.mjs'

const WIDTH = 96
const CODES = { bold: '1', dim: '2', red: '31', green: '32', cyan: '36' }

export class Terminal {
  /** Whether the last thing was a result: then a blank line sets the next command apart. */
  #afterResult = false

  constructor(stream = process.stdout) {
    this.stream = stream
    this.live = Boolean(stream.isTTY)
    this.colour = this.live && !process.env.NO_COLOR
  }

  style(name, text) {
    return this.colour ? `\x1b[${CODES[name]}m${text}\x1b[0m` : text
  }

  print(text = '') {
    this.stream.write(text + '\n')
  }

  title(text) {
    this.#afterResult = false
    this.print(`\n${this.style('bold', text)}\n${this.style('dim', '═'.repeat(text.length))}`)
  }

  heading(number, text) {
    this.#afterResult = false
    const line = `${number}. ${text} `
    this.print(
      `\n${this.style('bold', line)}${this.style('dim', '─'.repeat(Math.max(3, WIDTH - line.length)))}\n`,
    )
  }

  /** A paragraph, wrapped. */
  say(text) {
    if (this.#afterResult) this.print()
    this.#afterResult = false
    let line = ''
    for (const word of text.split(/\s+/)) {
      if (line.length + word.length >= WIDTH) {
        this.print(line.trimEnd())
        line = ''
      }
      line += word + ' '
    }
    this.print(line.trimEnd() + '\n')
  }

  /** A shell line, before it is run; never wrapped, so that it can be copied. */
  command(line) {
    if (this.#afterResult) this.print()
    this.#afterResult = false
    this.print(`  ${this.style('cyan', `$ ${line}`)}`)
  }

  /** What it answered: JSON shortened, other text as it is. */
  answer(output) {
    const text = typeof output === 'string' ? output.trimEnd() : shorten(output)
    this.print(text.replace(/^(?=.)/gm, '    '))
    this.#afterResult = true
  }

  passed(label) {
    this.#afterResult = true
    this.print(`  ${this.style('green', '✓')} ${label}`)
  }

  failed(label, detail) {
    this.#afterResult = true
    this.print(`  ${this.style('red', '✗')} ${label}\n${detail.replace(/^/gm, '      ')}`)
  }

  /** One line that is written over on a terminal. */
  status(text) {
    if (!this.live) return this.print(text)
    const columns = this.stream.columns ?? WIDTH
    this.stream.write(`\r\x1b[K${text.slice(0, columns - 1)}`)
  }
}
