// A browser that sees this machine and nothing else.
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { chromium } from 'playwright-core'

/** Every other name, also those that a browser asks for by itself, does not exist. */
const ONLY_HERE = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'

/** A machine that does much at once is slow; a page that gets here waits for something that will not come. */
const PATIENCE_MS = 60_000

/** Opens a page in the browser at `executable`, has `visit` use it, and closes the browser in any case. */
export async function withPage(executable, visit) {
  const browser = await chromium.launch({ executablePath: executable, args: [ONLY_HERE] })
  try {
    const page = await browser.newPage({ locale: 'en' })
    page.setDefaultTimeout(PATIENCE_MS)
    return await visit(page)
  } finally {
    await browser.close()
  }
}

/** How a page is looked at: by day and by night, at a desk and on the way. */
const VIEWS = ['light', 'dark'].flatMap((colorScheme) => [
  { name: colorScheme, colorScheme, viewport: { width: 1280, height: 720 } },
  { name: `${colorScheme}-phone`, colorScheme, viewport: { width: 360, height: 640 } },
])

/**
 * A function that takes a picture of the page, for a folder of this program in the one named by `SCREENSHOTS`; without
 * that, one that does nothing.
 */
export function camera(page) {
  if (!process.env.SCREENSHOTS) return async () => {}
  const folder = path.join(process.env.SCREENSHOTS, path.basename(process.argv[1], '.mjs'))
  let number = 0
  return async (name) => {
    await mkdir(folder, { recursive: true })
    const file = `${String(++number).padStart(2, '0')}-${name}.png`
    await page.screenshot({ path: path.join(folder, file) })
  }
}

/** Has `look` take a picture in every view; the page is left as it was. */
export async function fromAllSides(page, look, name) {
  const viewport = page.viewportSize()
  for (const view of VIEWS) {
    await page.emulateMedia({ colorScheme: view.colorScheme })
    await page.setViewportSize(view.viewport)
    await look(`${name}-${view.name}`)
  }
  await page.emulateMedia({ colorScheme: null })
  await page.setViewportSize(viewport)
}
