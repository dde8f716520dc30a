// Somebody who has a keyboard and nothing else.

/** More than any page has to stop at. */
const STOPS = 500

/** Walks with Tab through what `within` has, and tells what is not as it should be: what cannot be reached, or not be seen when it is. */
export async function walk(page, within) {
  await page.evaluate(begin, within)
  for (let stop = 0; stop < STOPS; stop++) {
    await page.keyboard.press('Tab')
    if (!(await page.evaluate(() => globalThis.keyboard.arrive())))
      return page.evaluate(() => globalThis.keyboard.end())
  }
  return [`the keyboard does not leave ${within} again`]
}

/** In the page: remembers how everything looks that can be operated, while nothing of it has the focus. */
function begin(within) {
  const OPERATED =
    'a[href], button, input, select, textarea, summary, iframe, [contenteditable=true], [tabindex]:not([tabindex="-1"])'
  const root = document.querySelector(within)
  root.tabIndex = -1
  root.focus({ preventScroll: true })
  const drawn = (element) =>
    element &&
    (({ outline, boxShadow, borderColor, backgroundColor, stroke }) =>
      [outline, boxShadow, borderColor, backgroundColor, stroke].join())(getComputedStyle(element))
  // Some are drawn by what is around, beside or in them.
  const around = (element, more = 3) =>
    element && more > 0 ? [element, ...around(element.parentElement, more - 1)] : []
  const look = (element) =>
    [...around(element), element.nextElementSibling, element.querySelector('.target')].map(drawn).join()
  const named = (element) => element.outerHTML.slice(0, 160)
  const isThere = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && element.getClientRects().length > 0
  const expected = [...root.querySelectorAll(OPERATED)].filter(
    // Of radio buttons that belong together one is a stop, and arrows lead to the others, as with tabs.
    (element) => element.tabIndex >= 0 && !element.disabled && element.type !== 'radio' && isThere(element),
  )
  const before = new Map(expected.map((element) => [element, look(element)]))
  const complaints = [...root.querySelectorAll('*')]
    .filter((element) => getComputedStyle(element).cursor === 'pointer' && isThere(element))
    .filter((element) => !element.closest(`${OPERATED}, label, [role=tab], [role=option]`))
    // Around a field or its name, whose click goes to the field.
    .filter((element) => !element.querySelector(`${OPERATED}, label`))
    .map((element) => `only for a mouse: ${named(element)}`)
  globalThis.keyboard = {
    /** Whether it is still within. */
    arrive() {
      const element = document.activeElement
      if (element === root || !root.contains(element)) return false
      const { top, bottom, left, right } = element.getBoundingClientRect()
      if (bottom < 0 || right < 0 || top > innerHeight || left > innerWidth)
        complaints.push(`out of sight: ${named(element)}`)
      if (before.get(element) === look(element))
        complaints.push(`looks as if it had no focus: ${named(element)}`)
      before.delete(element)
      return true
    },
    end: () => [...complaints, ...[...before.keys()].map((element) => `not reached: ${named(element)}`)],
  }
}
