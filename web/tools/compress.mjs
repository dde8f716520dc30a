// Makes the compressed copies of what was built, once, as small as they can be.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const DIST = new URL('../dist/', import.meta.url).pathname
const WORTHWHILE = 1024
const TEXTS = ['.js', '.css', '.svg', '.json']

for (const entry of await readdir(DIST, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !TEXTS.includes(path.extname(entry.name))) continue
  const file = path.join(entry.parentPath, entry.name)
  const content = await readFile(file)
  if (content.length < WORTHWHILE) continue
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length }
  await writeFile(`${file}.br`, await promisify(brotliCompress)(content, { params }))
  await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }))
}
