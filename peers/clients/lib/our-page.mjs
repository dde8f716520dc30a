// The server's own page, as a person finds their way on it: by what is to be seen and read there.

/** The page as it is now, once it knows who is signed in. */
export async function read(page) {
  await page.getByRole('main').waitFor()
  const [field, signOut] = [handle(page), page.getByRole('button', { name: 'Sign out' })]
  await field.or(signOut).filter({ visible: true }).waitFor()
  return {
    url: page.url(),
    text: await page.getByRole('main').innerText(),
    alert: await page.getByRole('alert').innerText(),
    asksForHandle: await field.isVisible(),
    offersToSignOut: await signOut.isVisible(),
    focus: await page.evaluate(() => document.activeElement.id),
    height: await page.getByRole('main').evaluate((main) => main.offsetHeight),
  }
}

/** Asks to sign in as somebody, with the keyboard alone: the page has the focus where one types. */
export async function enter(page, name) {
  await handle(page).fill(name)
  await page.keyboard.press('Enter')
}

/** Signs out, up to the question who one is. */
export async function signOut(page) {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await handle(page).waitFor()
}

const handle = (page) => page.getByRole('textbox', { name: 'Your handle' })
